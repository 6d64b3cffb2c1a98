// A copy of a regime: numbers and text side by side, checked as it is written.
import { byId, data, make, post, say, words } from "./page.js";

const told = words.regime;
const text = byId("text");
const usual = text.value;
const PAUSE = 350;
const MOST = 400_000;
let turn = 0;
let timer = 0;

async function check(send) {
  const mine = (turn += 1);
  byId("verdict").textContent = told.checking;
  try {
    const found = await send();
    if (mine === turn) show(found);
  } catch (error) {
    if (mine !== turn) return;
    byId("verdict").textContent = error.message;
    byId("problems").replaceChildren();
    byId("start").disabled = true;
  }
}

const checkText = () => check(() => post("/api/regimes/check", { text: text.value }));

function show(found) {
  if (found.text !== undefined) text.value = found.text;
  const { problems, ok } = found;
  byId("verdict").textContent = ok ? told.ok : say(told.problems, { count: problems.length });
  byId("problems-section").dataset.ok = ok ? "yes" : "no";
  byId("start").disabled = !ok;
  byId("problems").replaceChildren(...problems.map(problem));
  text.setAttribute("aria-invalid", ok ? "false" : "true");
  form(found.headlines, problems);
  save(found.name ?? `my-${data.name}`);
}

function problem(one) {
  const button = make("button", { type: "button" }, say(told.go, { line: one.line }));
  button.addEventListener("click", () => goTo(one.line));
  const parts = [say(told.problem, one)];
  if (one.allowed) parts.push(say(told.allowed, one));
  if (one.mend) parts.push(say(told.mend, one));
  return make("li", { "data-line": one.line }, `${parts.join(" ")} `, button);
}

function goTo(line) {
  const lines = text.value.split("\n");
  const from = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(from, from + (lines[line - 1] ?? "").length);
  const height = text.scrollHeight / Math.max(lines.length, 1);
  text.scrollTop = Math.max(0, (line - 6) * height);
}

// A field keeps its place and focus while its neighbours change.
function form(headlines, problems) {
  const place = byId("form");
  byId("form-none").hidden = headlines.length > 0;
  const wrong = new Map(problems.map((one) => [one.line, one]));
  const names = headlines.map((one) => one.name).join();
  if (place.dataset.names !== names) {
    place.dataset.names = names;
    place.replaceChildren(...groups(headlines));
  }
  for (const one of headlines) {
    const field = byId(`field-${one.name}`);
    if (document.activeElement !== field || field.dataset.sent === field.value) field.value = one.value;
    const said = wrong.get(one.line) ?? problems.find((p) => p.what.startsWith(`${group(one.name)}:`));
    field.setAttribute("aria-invalid", said ? "true" : "false");
    const note = byId(`note-${one.name}`);
    note.textContent = said ? say(told.problem, said) : "";
    note.hidden = !said;
    byId(`grade-${one.name}`).textContent = one.grade;
  }
}

function group(name) {
  return name.split(".").slice(0, -1).join(".");
}

function groups(headlines) {
  const found = new Map();
  for (const one of headlines) {
    const key = group(one.name);
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(one);
  }
  return [...found].map(([name, some]) =>
    make("fieldset", {}, make("legend", {}, spoken(name)), ...some.map(field)),
  );
}

function spoken(name) {
  return name.replaceAll(/[._-]/g, " ");
}

function field(one) {
  const input = make("input", {
    type: "text",
    id: `field-${one.name}`,
    value: one.value,
    "aria-describedby": `note-${one.name}`,
    autocomplete: "off",
  });
  input.addEventListener("change", () => {
    const value = input.value.trim();
    input.dataset.sent = input.value;
    if (value) check(() => post("/api/regimes/set", { text: text.value, name: one.name, value }));
  });
  const last = one.name.split(".").at(-1);
  const range = one.low === null || one.high === null ? "" : ` (${one.low}–${one.high})`;
  return make(
    "div",
    { class: "headline" },
    make("label", { for: `field-${one.name}` }, spoken(last), make("span", { class: "quiet" }, ` ${one.unit}${range} `), make("abbr", { class: "grade", id: `grade-${one.name}` }, one.grade)),
    input,
    make("p", { class: "wrong", id: `note-${one.name}`, hidden: true }),
  );
}

let address = "";
function save(name) {
  if (address) URL.revokeObjectURL(address);
  address = URL.createObjectURL(new Blob([text.value], { type: "application/yaml" }));
  byId("save").href = address;
  byId("save").download = `${name}.yaml`;
  const values = { name, country: byId("country").value, citizens: byId("citizens").value };
  byId("python").textContent = data.python.replaceAll(/<<(\w+)>>/g, (whole, key) => values[key]);
  byId("command").textContent = `glasscity validate ${name}.yaml && glasscity run ${name}.yaml`;
}

text.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(checkText, PAUSE);
});
byId("over").addEventListener("click", () => {
  text.value = usual;
  checkText();
});
byId("file").addEventListener("change", async () => {
  const [file] = byId("file").files;
  if (!file) return;
  if (file.size > MOST) {
    byId("verdict").textContent = told.too_large;
    return;
  }
  text.value = await file.text();
  checkText();
});
byId("run").addEventListener("submit", async (event) => {
  event.preventDefault();
  byId("refused").hidden = true;
  const months = byId("months").value;
  try {
    const run = await post("/api/regimes/run", {
      text: text.value,
      country: byId("country").value,
      citizens: Number(byId("citizens").value),
      ...(months ? { months: Number(months) } : {}),
    });
    location.assign(data.run.replace("NAME", run.name));
  } catch (error) {
    byId("refused").textContent = error.message;
    byId("refused").hidden = false;
  }
});
await checkText();
document.documentElement.dataset.ready = "yes";
