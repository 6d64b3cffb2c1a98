// Two worlds of the same people: what differs, who gains and loses, whose lives differ most.
import { ask, asked, byId, data, make, post, remember, say, stageOf, words } from "./page.js";
import { whole, percent } from "./numbers.js";
import { texts } from "./life-texts.js";
import { follow, onBar } from "./waiting.js";

const told = words.compare;
// Told first, in this order; every other measure is behind the fold.
const FIRST = [
  "restricted_share",
  "ever_restricted_share",
  "wrongly_listed_share",
  "listings",
  "denials",
  "association_share",
  "speech_share",
  "error_share",
  "chilled_share",
  "child_months_lost",
  "breaches",
  "unwilling_breaches",
  "thin_grant_rate",
  "trust_share",
];
const GROUPS = ["base_score_decile", "quintile", "area", "age", "camp", "province"];

async function start() {
  worlds().catch((error) => {
    if (byId("worlds-state")) byId("worlds-state").textContent = error.message;
  });
  if (byId("run-it")) await missing();
  else if (byId("compared")) await compared();
  document.documentElement.dataset.ready = "yes";
}

// All of them at once: a line a world, some measures each.
async function worlds() {
  if (!byId("worlds")) return;
  const found = (await ask(`/api/runs/${data.base}/worlds`)).worlds;
  byId("worlds-state").textContent = found.length ? "" : told.no_worlds;
  byId("worlds-section").dataset.done = "yes";
  if (!found.length) return;
  const names = Object.keys(found[0].everybody);
  const head = names.map((name) => {
    const { title, definition, of } = found[0].everybody[name];
    return make("th", { scope: "col" }, make("abbr", { title: `${definition} ${of}` }, title));
  });
  const rows = found.map((one) => {
    const changed = Object.entries(one.strengths).map(([name, strength]) => {
      const spoken = name.replaceAll("-", " ");
      return strength === 0 ? say(words.a_life.without, { name: spoken }) : spoken;
    });
    const query = new URLSearchParams({ base: data.base, other: one.run });
    return make(
      "tr",
      { "data-world": one.run },
      make(
        "th",
        { scope: "row" },
        make("a", { href: `?${query}` }, changed.length ? changed.join(", ") : told.as_is),
        make("span", { class: "quiet world" }, one.title),
      ),
      ...names.map((name) => make("td", { class: "amount" }, say(told.pair_of, texts(one.everybody[name])))),
    );
  });
  const table = make(
    "table",
    {},
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, told.world), ...head)),
    make("tbody", {}, ...rows),
  );
  byId("worlds").replaceChildren(table);
}

// The other world is not there yet: run it, and show how far it is.
async function missing() {
  const watch = async (name) => {
    byId("run-it").hidden = true;
    for (;;) {
      const run = await ask(`/api/runs/${name}`);
      if (run.state === "finished") return location.reload();
      byId("missing-bar").hidden = !["waiting", "running"].includes(run.state);
      byId("missing-bar").querySelector("progress").value = run.progress.share ?? 0;
      byId("missing-stage").textContent = stageOf(run);
      if (["failed", "stopped"].includes(run.state)) throw new Error(run.reason);
      await new Promise((done) => setTimeout(done, 500));
    }
  };
  const refuse = (error) => {
    byId("run-it").hidden = false;
    byId("missing-refused").textContent = error.message;
    byId("missing-refused").hidden = false;
  };
  byId("run-it").addEventListener("click", async () => {
    byId("missing-refused").hidden = true;
    try {
      const body = { regime: data.regime, strengths: data.strengths };
      const run = await post(`/api/runs/${data.base}/others`, body);
      await watch(run.name);
    } catch (error) {
      refuse(error);
    }
  });
  if (["waiting", "running"].includes(data.state)) watch(data.other).catch(refuse);
}

async function compared() {
  let found, rows;
  try {
    [found, rows] = await Promise.all([ask(data.address), ask(`${data.address}/measures`)]);
  } catch (error) {
    byId("loading").textContent = error.message;
    return;
  }
  byId("loading").hidden = true;
  byId("compared").hidden = false;
  byId("changed").textContent = say(told.changed, {
    count: whole(found.changed.counted),
    of: whole(found.changed.of),
  });
  byId("notes").replaceChildren(...found.notes.map((note) => make("li", {}, note)));
  drawEffects(rows, null);
  floor(rows);
  winners(found.people);
  lives();
  parameters(rows);
}

function drawEffects(rows, chance) {
  const known = new Map(rows.map((row) => [row.name, row]));
  const first = FIRST.filter((name) => known.has(name)).map((name) => known.get(name));
  const rest = rows.filter((row) => !FIRST.includes(row.name));
  byId("effects").replaceChildren(
    effectTable(first, chance, told.measure),
    make("details", {}, make("summary", {}, told.more), effectTable(rest, chance, told.more)),
  );
}

function effectTable(rows, chance, name) {
  const head = [told.measure, told.base, told.other, told.difference, told.picture];
  return make(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": name },
    make(
      "table",
      {},
      make("thead", {}, make("tr", {}, ...head.map((name) => make("th", { scope: "col" }, name)))),
      make("tbody", {}, ...rows.map((row) => effectRow(row, chance))),
    ),
  );
}

function effectRow(row, chance) {
  const text = (side) => row.said[side] ?? words.not_estimable;
  const of = row.of ? ` (${row.of})` : "";
  const cell = (side) => make("td", { class: "amount", "data-side": side, "data-value": row[side] ?? "" }, text(side));
  return make(
    "tr",
    { "data-measure": row.name },
    make(
      "th",
      { scope: "row" },
      row.title,
      make("details", { class: "means" }, make("summary", {}, words.means), make("p", {}, `${row.definition}${of}`)),
    ),
    cell("base"),
    cell("other"),
    cell("difference"),
    make("td", { class: "bar-cell" }, bar(row, chance ? (chance[row.name] ?? null) : null)),
  );
}

// The change as a share of the base's value, cut at a doubling; the mark is what chance alone moves.
function bar(row, chance) {
  const svg = make("svg", { viewBox: "-100 0 200 20", class: "effect", preserveAspectRatio: "none", "aria-hidden": "true" });
  svg.append(make("line", { class: "base", x1: 0, x2: 0, y1: 0, y2: 20 }));
  if (row.difference === null || !row.base) return svg;
  const share = (value) => Math.max(-100, Math.min(100, (100 * value) / Math.abs(row.base)));
  if (chance) {
    const wide = Math.abs(share(chance));
    svg.append(make("rect", { class: "chance", x: -wide, y: 0, width: 2 * wide, height: 20 }));
  }
  const at = share(row.difference);
  svg.append(make("rect", { class: at < 0 ? "less" : "more", x: Math.min(at, 0), y: 5, width: Math.abs(at), height: 10 }));
  return svg;
}

async function floor(rows) {
  const button = byId("floor");
  const place = byId("floor-is");
  const show = (found) => {
    button.hidden = true;
    place.textContent = say(words.compare.floor_is, {
      lives: whole(found.changed.counted),
      of: whole(found.changed.of),
    });
    drawEffects(rows, found.effects);
  };
  const measure = async (begin) => {
    const stands = await follow({
      address: data.floor,
      begin,
      show: (one) => {
        const going = ["waiting", "running"].includes(one.state);
        if (going) place.textContent = `${told.working} ${Math.round(100 * (one.progress.share ?? 0))} %`;
      },
    });
    if (stands.found) show(stands.found);
  };
  button.addEventListener("click", () => {
    button.disabled = true;
    measure(true).catch((error) => {
      button.disabled = false;
      place.textContent = error.message;
    });
  });
  measure(false).catch((error) => {
    place.textContent = error.message;
  });
}

function winners(people) {
  const outcomes = Object.entries(people).filter(([, table]) => table);
  const outcome = byId("outcome");
  const by = byId("by");
  outcome.replaceChildren(...outcomes.map(([name, table]) => make("option", { value: name }, table.title)));
  const kinds = GROUPS.filter((kind) => outcomes[0] && kind in outcomes[0][1].by_group);
  by.replaceChildren(...kinds.map((kind) => make("option", { value: kind }, told.groups[kind])));
  outcome.value = asked("outcome") in people ? asked("outcome") : "months_shut_out";
  if (kinds.includes(asked("by"))) by.value = asked("by");
  const draw = () => {
    const table = people[outcome.value];
    byId("people-whole").textContent = sentence(words.everybody, table);
    const most = Math.max(...Object.values(table.by_group[by.value]).map(widest), 0.0001);
    byId("people").replaceChildren(
      ...Object.entries(table.by_group[by.value])
        .filter(([, one]) => one.of)
        .map(([group, one]) => winnerRow(group, one, most)),
    );
  };
  for (const field of [outcome, by]) {
    field.addEventListener("change", () => {
      remember({ outcome: outcome.value, by: by.value });
      draw();
    });
  }
  draw();
}

function widest(one) {
  return one.of ? Math.max(one.better, one.worse) / one.of : 0;
}

function sentence(group, one) {
  return say(told.row, {
    group,
    better: `${whole(one.better)} (${percent(one.better / one.of, one.of)})`,
    worse: `${whole(one.worse)} (${percent(one.worse / one.of, one.of)})`,
    of: whole(one.of),
  });
}

function winnerRow(group, one, most) {
  const text = sentence(data.labels[group] ?? group, one);
  const svg = make("svg", { viewBox: "-100 0 200 16", preserveAspectRatio: "none", "aria-hidden": "true" });
  const wide = (count) => (100 * count) / one.of / most;
  svg.append(
    make("rect", { class: "worse", x: -wide(one.worse), y: 2, width: wide(one.worse), height: 12 }),
    make("rect", { class: "better", x: 0, y: 2, width: wide(one.better), height: 12 }),
    make("line", { class: "base", x1: 0, x2: 0, y1: 0, y2: 16 }),
  );
  return make("li", { "data-group": group, "data-better": one.better, "data-worse": one.worse }, svg, make("span", {}, text));
}

async function lives() {
  const { people } = await ask(`${data.address}/lives`);
  const rows = people.map((one) =>
    make("li", {}, make("a", { href: `${data.life}/${one.citizen}` }, say(told.life_row, { number: whole(one.citizen), base: one.base, other: one.other }))),
  );
  byId("lives").replaceChildren(...(rows.length ? rows : [make("li", {}, told.no_lives)]));
}

async function parameters(rows) {
  const address = `${data.address}/behaviours`;
  const shown = rows.filter((row) => FIRST.slice(0, 11).includes(row.name));
  const draw = (sides) => {
    const head = [told.measure, ...sides.map((one) => one.behaviour)];
    const lines = shown.map((row) =>
      make(
        "tr",
        {},
        make("th", { scope: "row" }, row.title),
        ...sides.map((one) => {
          const value = one.effects ? one.effects[row.name] : undefined;
          const text = value === undefined ? "–" : (value ?? words.not_estimable);
          return make("td", { class: "amount", "data-behaviour": one.behaviour }, text);
        }),
      ),
    );
    byId("parameters").replaceChildren(
      make("table", {}, make("thead", {}, make("tr", {}, ...head.map((name) => make("th", { scope: "col" }, name)))), make("tbody", {}, ...lines)),
    );
    const open = sides.filter((one) => one.state !== "finished");
    const going = open.some((one) => ["waiting", "running"].includes(one.state));
    byId("run-missing").hidden = !open.length || going;
    byId("parameters-state").textContent = open.map((one) => `${one.behaviour}: ${words.states[one.state] ?? told.not_measured}`).join(", ");
    return going;
  };
  const watch = async (sides) => {
    while (draw(sides)) {
      await new Promise((done) => setTimeout(done, 1500));
      sides = await ask(address);
    }
  };
  const refuse = (error) => {
    byId("parameters-state").textContent = error.message;
  };
  byId("run-missing").addEventListener("click", () => {
    post(address).then(watch).catch(refuse);
  });
  ask(address).then(watch).catch(refuse);
}

start();
