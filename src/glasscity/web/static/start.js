// The start page: the example as it becomes ready, the form, the runs that go on.
import { meetInto } from "./meet.js";
import { ask, byId, data, make, post, remember, say, stageOf, words } from "./page.js";

const form = byId("new");
const usual = new FormData(form);

function request() {
  const fields = new FormData(form);
  const strengths = {};
  for (const box of form.querySelectorAll("[name=with]")) if (box.checked) strengths[box.value] = 1;
  for (const box of form.querySelectorAll("[name=mechanism]")) {
    if (!box.checked) strengths[box.value] = 0;
  }
  const months = fields.get("months");
  return {
    regime: fields.get("regime"),
    country: fields.get("country"),
    behaviour: fields.get("behaviour"),
    citizens: Number(fields.get("citizens")),
    seed: Number(fields.get("seed")),
    strengths,
    ...(months ? { months: Number(months) } : {}),
  };
}

function link() {
  const fields = new FormData(form);
  const changed = {};
  for (const name of ["regime", "country", "behaviour", "citizens", "months", "seed"]) {
    changed[name] = fields.get(name) === usual.get(name) ? "" : fields.get(name);
  }
  const boxes = [...form.querySelectorAll("[name=mechanism]")];
  changed.without = boxes.filter((box) => !box.checked).map((box) => box.value);
  changed.with = fields.getAll("with");
  remember(changed);
}

function refuse(message) {
  byId("refused").textContent = message;
  byId("refused").hidden = !message;
}

let turn = 0;
async function check() {
  const mine = (turn += 1);
  if (!form.checkValidity()) {
    byId("fits").textContent = "";
    return;
  }
  try {
    const found = await post("/api/check", request());
    if (mine !== turn) return;
    byId("fits").textContent = found.fits ? say(words.fits, { memory: found.memory }) : "";
    byId("python").textContent = found.python;
    byId("command").textContent = found.command;
    refuse(found.fits ? "" : `${found.problem.error}. ${found.problem.mend}`);
  } catch (error) {
    if (mine === turn) refuse(error.message);
  }
}

let later = 0;
form.addEventListener("input", () => {
  link();
  clearTimeout(later);
  later = setTimeout(check, 250);
});
for (const preset of form.querySelectorAll("[data-citizens]")) {
  preset.addEventListener("click", () => {
    byId("citizens").value = preset.dataset.citizens;
    byId("citizens").dispatchEvent(new Event("input", { bubbles: true }));
  });
}
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  try {
    const run = await post("/api/runs", request());
    location.assign(`/runs/${run.name}`);
  } catch (error) {
    refuse(error.message);
    button.disabled = false;
  }
});

// The example, and the states of the table.
const example = byId("example");
const began = example?.dataset.state;

async function look() {
  let busy = false;
  try {
    const { runs } = await ask("/api/runs");
    // The example appears by itself on a first start.
    const first = runs.find((run) => run.name.startsWith("example-"));
    if (!example && first && first.state !== "failed") location.reload();
    for (const run of runs) {
      busy ||= ["waiting", "running"].includes(run.state);
      if (example && run.name === example.dataset.name && began !== "finished") {
        if (run.state === "finished") location.reload();
        example.querySelector("progress").value = run.progress.share ?? 0;
        example.querySelector("[role=status]").textContent = stageOf(run);
      }
      const row = document.querySelector(`tr[data-run="${run.name}"]`);
      if (row && row.dataset.state !== run.state) {
        row.dataset.state = run.state;
        const state = make("span", { class: `state state-${run.state}` }, words.states[run.state]);
        row.lastElementChild.replaceChildren(state);
      }
    }
  } catch {
    busy = true;
  }
  if (busy || !example) setTimeout(look, 1000);
}
if (example && began === "finished") {
  const list = example.querySelector("[data-meet]");
  meetInto(list, data.example, ["fell-through-friends", "wrongly-listed"]);
}
check();
look();
document.documentElement.dataset.ready = "yes";
