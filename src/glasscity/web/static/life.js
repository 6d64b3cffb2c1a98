// A life: its story, its score month by month, the people around, and what would have been otherwise.
import { asked, byId, data, make, remember, say, words } from "./page.js";
import { drawCircle } from "./life-circle.js";
import { showSafeguards } from "./life-safeguards.js";
import { drawScore, partName, scaleOf, usedParts } from "./life-score.js";
import { prepareWhatIf } from "./life-what-if.js";
import { far, follow } from "./waiting.js";

const life = words.a_life;
// The lines behind the view: the life's, then those of what else was looked at.
const lines = { life: data.python, safeguards: "", whatIf: "" };

function showLines(part, text) {
  lines[part] = text;
  byId("python").textContent = lines.life + lines.safeguards + lines.whatIf;
}

function waiting(stands) {
  const going = ["waiting", "running"].includes(stands.state);
  byId("waiting-about").hidden = !going;
  byId("waiting-bar").hidden = !going;
  if (!going) return;
  byId("waiting-text").textContent = far(stands);
  const bar = byId("waiting-bar").querySelector("progress");
  if (stands.progress.share) bar.value = stands.progress.share;
}

async function start() {
  let found;
  try {
    found = (await follow({ address: data.api, show: waiting })).found;
  } catch (error) {
    byId("waiting-text").textContent = error.message;
    byId("waiting-bar").hidden = true;
    document.documentElement.dataset.ready = "yes";
    return;
  }
  byId("waiting").hidden = true;
  byId("life").hidden = false;
  await show(found);
  document.documentElement.dataset.ready = "yes";
}

async function show({ life: told, story, around }) {
  byId("not-same").hidden = told.digest.same;
  const names = told.months.map((month) => monthName(month.date));
  byId("quote").textContent = story.quote;
  byId("quote").hidden = !story.quote;
  byId("lead").textContent = story.lead.join(" ");
  const losses = Object.entries(data.losses).map(([name, value]) =>
    say(life.households[name], { value }),
  );
  const home = (around ?? []).filter((one) => one.layer === "household" && one.months_shut_out);
  if (home.length) {
    const who = home.map((one) =>
      say(life.household_one, { number: one.citizen.toLocaleString("en-US"), months: one.months_shut_out }),
    );
    losses.push(say(life.household_shut, { who: who.join(", ") }));
  }
  byId("losses").textContent = losses.join(" ");
  byId("losses").hidden = !losses.length;
  showScore(told, names);
  showStory(story);
  const self = { citizen: data.citizen, layer: "self", score: told.months.at(-1).score };
  self.months_shut_out = told.totals.months_shut_out;
  if (around) drawCircle(byId("circle"), { self, people: around, address });
  else byId("circle").textContent = words.a_life.circle_none ?? "";
  prepareWhatIf(told, names, ({ kind, month }) => {
    const call = `run, ${data.citizen}, ${month}, "${kind}", lived=life`;
    showLines(
      "whatIf",
      `changed = glasscity.what_if(${call})\n` +
        `print(changed.differs_from, changed.totals, changed.others["citizens"])\n`,
    );
  });
  await showSafeguards((text) => showLines("safeguards", text));
}

function address(citizen) {
  return `${data.lives}/${citizen}`;
}

function monthName(date) {
  const [year, month] = date.split("-").map(Number);
  const named = new Date(Date.UTC(year, month - 1, 1));
  return named.toLocaleDateString("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
}

function showScore(told, names) {
  const scale = scaleOf([told]);
  const slider = byId("month");
  const wanted = Number(asked("month") ?? firstTrouble(told));
  slider.value = String(Math.min(Math.max(wanted || 0, 0), told.months.length - 1));
  let drawn = null;
  const draw = () => {
    if (!scale) return;
    drawn = drawScore(byId("score"), { document: told, scale, choose: go });
    drawn.mark(Number(slider.value));
  };
  function go(month, kept = true) {
    slider.value = String(month);
    slider.setAttribute("aria-valuetext", names[month]);
    drawn?.mark(month);
    showMonth(told, names, month);
    if (kept) remember({ month });
  }
  slider.addEventListener("input", () => go(Number(slider.value)));
  if (!scale) byId("score").append(make("p", { class: "quiet" }, words.scores_never));
  draw();
  let wide = byId("score").clientWidth;
  new ResizeObserver(() => {
    if (byId("score").clientWidth === wide) return;
    wide = byId("score").clientWidth;
    draw();
  }).observe(byId("score"));
  byId("score-legend").replaceChildren(
    ...(scale ? usedParts([told]) : []).map((name) =>
      make("li", {}, make("span", { class: `swatch part-${name}`, "aria-hidden": "true" }), partName(name, told.points)),
    ),
  );
  byId("years").replaceChildren(yearTable(told));
  go(Number(slider.value), asked("month") !== null);
}

function firstTrouble(told) {
  const at = told.months.findIndex((month) => month.closed_gates.length);
  return at < 0 ? told.months.length - 1 : at;
}

function showMonth(told, names, at) {
  const month = told.months[at];
  byId("month-name").textContent = names[at];
  byId("now-name").textContent = names[at];
  byId("now-score").textContent =
    month.score === null
      ? life.no_score
      : say(life.score_of, { score: month.score, rank: `${Math.round(100 * month.rank)} %` });
  const events = month.events.map((one) => make("li", {}, sentence(one.reason)));
  byId("now-events").replaceChildren(...(events.length ? events : [make("li", {}, life.nothing)]));
  const parts = Object.entries(month.parts)
    .filter(([, value]) => value)
    .map(([name, value]) =>
      make("tr", {}, make("th", { scope: "row" }, partName(name, told.points)), make("td", { class: "amount" }, value.toFixed(1))),
    );
  const causes = month.change ? month.change.causes : [];
  byId("now-parts").replaceChildren(
    parts.length
      ? make("table", { class: "parts" }, make("thead", {}, make("tr", {}, make("th", { scope: "col" }, life.part), make("th", { scope: "col" }, life.points))), make("tbody", {}, ...parts))
      : "",
    ...(causes.length ? [make("p", { class: "quiet" }, causes.map(sentence).join(" "))] : []),
  );
  const closed = month.closed_gates.map(({ gate, by }) =>
    make("li", {}, say(life.closed_by, { gate: data.gates[gate] ?? gate, by: by.map(rule).join(", ") })),
  );
  byId("now-closed").replaceChildren(...(closed.length ? closed : [make("li", { class: "quiet" }, life.no_doors)]));
}

function rule(by) {
  if (by.by === "list") return say(life.by_list, { list: data.lists[by.list] ?? by.list });
  return by.by === "rank" ? life.by_rank : say(life.by_score, { below: by.below });
}

function sentence(text) {
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

function showStory(story) {
  const draw = () => {
    const chapters = story.chapters.filter((one) => byId("all").checked || one.matters);
    byId("story").replaceChildren(
      ...chapters.map((one) =>
        make(
          "li",
          { class: one.matters ? "matters" : "", "data-month": one.month },
          make("h3", {}, make("a", { href: `?month=${one.month}#score-title` }, one.when)),
          make("p", {}, one.sentences.join(" ")),
        ),
      ),
    );
    if (!chapters.length) byId("story").append(make("li", {}, life.nothing));
  };
  byId("all").addEventListener("change", draw);
  draw();
}

function yearTable(told) {
  const years = new Map();
  for (const month of told.months) {
    const year = month.date.slice(0, 4);
    const row = years.get(year) ?? { score: null, shut: 0, refused: 0 };
    row.score = month.score;
    row.shut += month.closed_gates.length ? 1 : 0;
    row.refused += month.events.filter((one) => one.kind === "refused").length;
    years.set(year, row);
  }
  const head = [life.year, life.year_score, life.year_shut, life.year_refused];
  return make(
    "table",
    {},
    make("thead", {}, make("tr", {}, ...head.map((name) => make("th", { scope: "col" }, name)))),
    make(
      "tbody",
      {},
      ...[...years].map(([year, row]) =>
        make("tr", {}, make("th", { scope: "row" }, year), ...[row.score ?? "–", row.shut, row.refused].map((value) => make("td", { class: "amount" }, String(value)))),
      ),
    ),
  );
}

start();
