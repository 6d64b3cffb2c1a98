// Charts of the report by name, drawn by the library that the report shares; loaded when needed.
import { ask, make } from "./page.js";

let library = null;

// Load the chart library from its address and return its drawing function.
async function embed(address) {
  library ??= import(address);
  await library;
  return window.vegaEmbed;
}

// Draw a chart of a run into a place: {library, run, chart, title, group}; the title is its text.
export async function drawChart(place, { library: address, run, chart, title, group = "" }) {
  const query = group ? `?${new URLSearchParams({ group })}` : "";
  const [draw, found] = await Promise.all([
    embed(address),
    ask(`/api/runs/${run}/charts/${chart}${query}`),
  ]);
  const inner = make("div", { class: "chart", role: "img", "aria-label": title });
  place.replaceChildren(legendOf(found.spec), inner, datesOf(found.dates));
  await draw(inner, found.spec, {
    mode: "vega-lite",
    renderer: "svg",
    actions: false,
    // Expressions are interpreted: nothing is made into code, as the policy demands.
    ast: true,
    defaultStyle: false,
    config: { ...found.config, legend: { disable: true } },
    tooltip: (_handler, event, _item, value) => tell(event, value),
  });
}

function legendOf(spec) {
  const entries = spec.usermeta?.legend ?? [];
  return make(
    "ul",
    { class: "legend" },
    ...entries.map((one) =>
      make(
        "li",
        {},
        make("span", {
          class: `swatch ${one.mark} ${one.colour.slice(6, -1)}`,
          "aria-hidden": "true",
        }),
        one.text,
      ),
    ),
  );
}

function datesOf(dates) {
  return make(
    "ol",
    { class: "dates" },
    ...dates.map((one) =>
      make(
        "li",
        {},
        make("span", { class: "mark", "aria-hidden": "true" }, one.number),
        `${one.when}: ${one.label}`,
      ),
    ),
  );
}

const tip = make("div", { class: "tip", "aria-hidden": "true", hidden: true });
document.body.append(tip);

function tell(event, value) {
  tip.replaceChildren();
  tip.hidden = value === null || value === undefined || value === "";
  if (tip.hidden) return;
  for (const [name, text] of Object.entries(value)) {
    tip.append(make("div", {}, make("span", {}, name), make("b", {}, text)));
  }
  const right = event.clientX + tip.offsetWidth + 24 > document.documentElement.clientWidth;
  const left = right ? event.clientX - tip.offsetWidth - 12 : event.clientX + 12;
  tip.style.left = `${Math.max(left, 4)}px`;
  tip.style.top = `${Math.max(event.clientY - tip.offsetHeight - 12, 4)}px`;
}
