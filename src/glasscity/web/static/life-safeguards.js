// Which safeguard would have prevented it: the same world once with each, told for one and for all.
import { ask, byId, data, make, post, say, words } from "./page.js";
import { texts } from "./life-texts.js";
import { far } from "./waiting.js";

const life = words.a_life;
const ORDER = ["all", "refusals", "part", "other", "none", "worse"];
// What is told of everybody beside the verdict; the rest is on the page Compare.
const SHOWN = ["restricted_share", "wrongly_listed_share", "breaches"];
const address = `/api/runs/${data.run}/safeguards`;

function named(row) {
  const name = row.name.replaceAll("-", " ");
  return row.strength === 0 ? say(life.without, { name }) : name;
}

let tellLines = () => {};

export async function showSafeguards(told) {
  tellLines = told;
  byId("verdict").textContent = life.looking;
  const found = await ask(`${address}?citizen=${data.citizen}`);
  draw(found);
  byId("try").addEventListener("click", begin);
  if (["waiting", "running"].includes(found.state)) watch();
}

async function begin() {
  byId("try-refused").hidden = true;
  try {
    await post(address);
    watch();
  } catch (error) {
    refuse(error.message);
  }
}

function refuse(message) {
  byId("try-refused").textContent = message;
  byId("try-refused").hidden = false;
}

async function watch() {
  try {
    for (;;) {
      const found = await ask(`${address}?citizen=${data.citizen}`);
      draw(found);
      if (!["waiting", "running"].includes(found.state)) return;
      await new Promise((done) => setTimeout(done, 1000));
    }
  } catch (error) {
    refuse(error.message);
  }
}

function draw(found) {
  const { rows } = found.found;
  const going = ["waiting", "running"].includes(found.state);
  const open = rows.filter((row) => !["finished", "same"].includes(row.state));
  byId("try").parentElement.hidden = !going && !open.length;
  byId("try").hidden = going;
  byId("try-bar").hidden = !going;
  if (going) {
    const progress = byId("try-bar").querySelector("progress");
    if (found.progress.share) progress.value = found.progress.share;
    byId("try-stage").textContent = far(found);
  }
  if (found.state === "failed") refuse(say(life.failed, { reason: found.reason }));
  byId("verdict").textContent = verdict(rows, open);
  tellLines(python(rows));
  const place = byId("safeguards");
  const done = rows.filter((row) => row.one);
  if (!done.length) {
    place.replaceChildren();
    return;
  }
  done.sort((a, b) => ORDER.indexOf(a.one.prevented) - ORDER.indexOf(b.one.prevented));
  place.replaceChildren(table(done), ...rows.filter((row) => row.state === "same").map(same));
}

// The lines that give what the table says of this person.
function python(rows) {
  const runs = Object.fromEntries(rows.filter((row) => row.one).map((row) => [row.name, row.run]));
  if (!Object.keys(runs).length) return "";
  return [
    "from glasscity.rights.rescue import for_one",
    "",
    `for name, other in ${JSON.stringify(runs)}.items():`,
    `    told = for_one(run, glasscity.open_run(run.path.parent / other), ${data.citizen})`,
    '    print(name, told["prevented"], told["months_shut_out"], told["refusals"])',
    "",
  ].join("\n");
}

function verdict(rows, open) {
  const told = rows.filter((row) => row.one);
  if (told.length && told[0].one.prevented === null) return life.nothing_befell;
  const those = (wanted) => told.filter((row) => row.one.prevented === wanted).map(named).join(", ");
  if (those("all")) return say(life.prevented_by, { names: those("all") });
  if (those("refusals")) return say(life.prevented_refusals, { names: those("refusals") });
  if (!told.length) return "";
  return open.length ? life.prevented_open : life.prevented_none;
}

function same(row) {
  return make("p", { class: "quiet" }, `${named(row)}: ${life.same}`);
}

function table(rows) {
  const titles = rows[0].everybody;
  const head = [life.rule, life.this_person, life.months_shut, life.refused].map((name) =>
    make("th", { scope: "col" }, name),
  );
  for (const name of SHOWN) {
    head.push(
      make("th", { scope: "col" }, `${life.everybody}: `, make("abbr", { title: titles[name].definition }, titles[name].title)),
    );
  }
  const lines = rows.map((row) => {
    const { one, everybody } = row;
    const kind = row.strength === 0 ? "without" : "with";
    const compare = `${data.compare}?base=${data.run}&${kind}=${row.name}`;
    const told = String(one.prevented);
    return make(
      "tr",
      { "data-rule": row.name, "data-verdict": told },
      make(
        "th",
        { scope: "row" },
        named(row),
        make(
          "details",
          { class: "means" },
          make("summary", {}, words.means ?? "?"),
          make("p", {}, row.definition),
          make("a", { href: compare }, life.compare),
        ),
      ),
      make(
        "td",
        {},
        make("span", { class: `verdict verdict-${told}` }, life.verdict[told]),
        make("span", { class: "quiet small-only" }, say(life.small_row, small(one))),
      ),
      cell(one.months_shut_out),
      cell(one.refusals),
      ...SHOWN.map((name) => cell(texts(everybody[name]))),
    );
  });
  const body = make("table", { class: "safeguards" }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...lines));
  return make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": life.rule }, body);
}

function small({ months_shut_out: months, refusals }) {
  return { months: say(life.row_months, months), refusals: say(life.row_months, refusals) };
}

function cell(sides) {
  return make("td", { class: "amount" }, say(life.row_months, sides));
}
