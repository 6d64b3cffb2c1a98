// The page Society: one month of a run, in several drawings that move together.
import { drawCrowd } from "./crowd.js";
import { drawGates } from "./gates.js";
import { drawGroups } from "./groups.js";
import { drawLines } from "./lines.js";
import { drawMap } from "./map.js";
import { meetInto } from "./meet.js";
import { percent, perThousand, whole } from "./numbers.js";
import { ask, asked, byId, data, make, remember, say, words } from "./page.js";
import { drawScores } from "./scores.js";

// Which people stand behind a line in the last month, as the page People is asked for them: as many
// as the line counts.
const BEHIND = {
  restricted: { now: "shut-out" },
  listed: { now: "listed" },
  silent: { voice: "silent" },
  displayed: { now: "displayed" },
};
// And where no question gives exactly those: people to whom it happened at another time, or more.
const LIKE = {
  restricted_without_rank: { now: "shut-out" },
  wrongly_listed: { filter: "wrongly-listed" },
  chilled: { filter: "silent-critic" },
};

// The page is there at once; what it draws takes a moment, or cannot be had.
async function read(address) {
  try {
    const found = await ask(address);
    byId("loading").hidden = true;
    byId("society").hidden = false;
    return found;
  } catch (error) {
    byId("loading").textContent = error.message;
    throw error;
  }
}

const course = await read(data.course);
const last = course.months.length - 1;

// One number: how many, of how many, and the same in the unscored world.
export class View {
  constructor() {
    const names = course.series.map((one) => one.name);
    this.month = Math.min(Math.max(Number(asked("month") ?? last), 0), last) || 0;
    if (asked("month") === null) this.month = last;
    this.series = names.includes(asked("series")) ? asked("series") : "restricted";
    this.group = Math.max(course.groups.findIndex((one) => keyOf(one) === asked("group")), 0);
    this.cause = Object.hasOwn(course.gates.causes, asked("cause")) ? asked("cause") : "spillover";
    this.course = course;
    this.last = last;
  }

  get about() {
    return course.series.find((one) => one.name === this.series);
  }

  // Count and whole of a line, in a group and month, here or in the twin.
  at(series, group, month, world = course.counts) {
    if (world === null) return null;
    const about = course.series.find((one) => one.name === series);
    const count = world[series][group][month];
    const of = world[about.whole][group][month];
    return { count, of, share: of ? count / of : null, unit: about.unit };
  }

  text(number) {
    if (number === null || number.share === null) return words.not_estimable;
    if (number.unit === "per_thousand") {
      return say(words.per_thousand, { value: perThousand(number.share, number.of) });
    }
    return percent(number.share, number.of);
  }

  // The same where the unit is known.
  brief(number) {
    if (number.unit === "per_thousand") return perThousand(number.share, number.of);
    return this.text(number);
  }

  // The address of the people behind something, as they stand in the last month.
  people(query) {
    return `${data.people}?${new URLSearchParams(query)}`;
  }

  behind(group) {
    const query = { ...(BEHIND[this.series] ?? LIKE[this.series] ?? {}) };
    const { kind, name } = course.groups[group];
    if (kind !== "all") query[kind] = name;
    return this.people(query);
  }
}

function keyOf(group) {
  return `${group.kind}:${group.name}`;
}

const view = new View();
const parts = [];

function show() {
  const { month, about } = view;
  const name = course.months[month];
  byId("month").value = month;
  byId("month").setAttribute("aria-valuetext", name);
  byId("month-name").textContent = name;
  const here = view.at(view.series, view.group, month);
  const twin = view.at(view.series, view.group, month, course.twin);
  const what = about.title[0].toLowerCase() + about.title.slice(1);
  byId("crowd-about").textContent = say(words.crowd_about, { of: course.wholes[about.whole], what });
  byId("crowd-number").textContent = view.text(here);
  byId("crowd-number").dataset.value = here.share;
  byId("crowd-of").textContent = say(words.count_of, {
    count: whole(here.count),
    whole: whole(here.of),
  });
  byId("crowd-twin").textContent = twin ? say(words.unscored, { value: view.text(twin) }) : "";
  means(about);
  const link = byId("crowd-people");
  const exact = view.series in BEHIND;
  link.textContent = exact ? words.meet : words.meet_like;
  link.hidden = !(exact || view.series in LIKE) || !here.count || month !== last;
  link.href = view.behind(view.group);
  for (const part of parts) part(view);
  const group = course.groups[view.group];
  byId("python").textContent = data.python
    .replaceAll("<<month>>", month)
    .replace("<<date>>", name)
    .replace("<<series>>", view.series)
    .replace("<<whole>>", about.whole)
    .replace("<<kind>>", group.kind)
    .replace("<<group>>", group.name);
}

// What the chosen line counts, on which evidence it rests, and where its source is told.
let explained = "";
function means(about) {
  if (explained === about.name) return;
  explained = about.name;
  const letters = about.grades.map((letter) =>
    make("abbr", { class: `grade grade-${letter}`, title: course.grades[letter] }, letter),
  );
  const grades = make("span", { class: "grades" }, words.evidence, ...letters);
  const trace = make(
    "span",
    { class: "trace" },
    `${words.trace} `,
    make("code", {}, `glasscity explain measure ${about.trace}`),
  );
  byId("crowd-means").replaceChildren(
    `${about.definition} ${say(words.of, { whole: course.wholes[about.whole] })} `,
    ...(letters.length ? [grades] : []),
    ...(about.trace ? [trace] : []),
  );
}

// Writing the address is slow in some browsers: once the hand rests.
let writing = 0;
function change(values) {
  Object.assign(view, values);
  show();
  clearTimeout(writing);
  writing = setTimeout(() => {
    remember({
      month: view.month === last ? "" : view.month,
      series: view.series === "restricted" ? "" : view.series,
      group: view.group ? keyOf(course.groups[view.group]) : "",
      cause: view.cause === "spillover" ? "" : view.cause,
    });
  }, 200);
}

// The months: by hand or by themselves.
let clock = 0;
function play(on) {
  clearInterval(clock);
  clock = 0;
  byId("play").textContent = on ? words.pause : words.play;
  byId("play").setAttribute("aria-pressed", String(on));
  byId("month-name").setAttribute("aria-live", on ? "off" : "polite");
  if (!on) return;
  if (view.month === last) change({ month: 0 });
  clock = setInterval(() => {
    if (view.month >= last) play(false);
    else change({ month: view.month + 1 });
  }, 160);
}
byId("play").addEventListener("click", () => play(!clock));
byId("month").addEventListener("input", (event) => {
  play(false);
  change({ month: Number(event.target.value) });
});

const choice = byId("group");
for (const kind of ["all", ...Object.keys(data.groupings)]) {
  const options = course.groups
    .map((one, at) => [one, at])
    .filter(([one]) => one.kind === kind)
    .map(([one, at]) => make("option", { value: at }, kind === "all" ? words.everybody : one.label));
  if (kind === "all") choice.append(...options);
  else choice.append(make("optgroup", { label: data.groupings[kind] }, ...options));
}
choice.value = view.group;
choice.addEventListener("change", () => change({ group: Number(choice.value) }));

byId("dates").append(
  ...course.marks.map((mark) =>
    make(
      "li",
      {},
      make("span", { class: "mark", "aria-hidden": "true" }, mark.number),
      `${course.months[mark.month]}: ${mark.label}`,
    ),
  ),
);

parts.push(
  drawCrowd(byId("crowd")),
  drawLines(byId("lines"), view, change),
  drawScores(byId("scores"), byId("scores-about"), byId("scores-note"), view),
  drawMap(byId("map"), byId("map-section"), view),
  drawGroups(byId("groups"), view, data.groupings),
  drawGates(byId("gates"), byId("causes"), view, change),
);
show();
document.documentElement.dataset.ready = "yes";
meetInto(byId("meet"), data.run, data.filters);
