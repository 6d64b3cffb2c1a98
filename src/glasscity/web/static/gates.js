// Refusals at each gate by cause, as intervals; each leads to the people refused for that cause.
import { span, whole } from "./numbers.js";
import { make, say, words } from "./page.js";

// A share of fewer refusals than these would be mostly luck.
const FEW = 100;

export function drawGates(place, pills, view, change) {
  const { causes, rows } = view.course.gates;
  const radios = Object.entries(causes).map(([cause, label]) => {
    const radio = make("input", { type: "radio", name: "cause", value: cause });
    radio.addEventListener("change", () => change({ cause }));
    pills.append(make("label", { class: "pill" }, radio, label));
    return radio;
  });
  let drawn = "";

  return () => {
    if (drawn === view.cause) return;
    const cause = (drawn = view.cause);
    for (const radio of radios) radio.checked = radio.value === cause;
    const shown = rows
      .filter((row) => row.denials && row[`${cause}_upper`])
      .sort((one, other) => other[`${cause}_upper`] - one[`${cause}_upper`]);
    if (!shown.length) {
      place.replaceChildren(make("p", { class: "nothing" }, words.gates_none));
      return;
    }
    const top = Math.max(...shown.map((row) => row[`${cause}_upper`]));
    const list = make("ul", {}, ...shown.map((row) => line(row, cause, top)));
    place.replaceChildren(list);
  };

  function line(row, cause, top) {
    const low = row[`${cause}_lower`];
    const high = row[`${cause}_upper`];
    const [left, right] = [(low / top) * 196 + 2, (high / top) * 196 + 2];
    const svg = make(
      "svg",
      { viewBox: "0 0 200 16", preserveAspectRatio: "none", "aria-hidden": "true" },
      make("rect", { class: "track", x: 0, y: 7, width: 200, height: 2 }),
      make("rect", { class: "bar", x: left, y: 4, width: Math.max(right - left, 1.5), height: 8 }),
    );
    const [from, to] = span(low, high, row.denials);
    const text = say(words.between, { low: from, high: to });
    const few = row.denials < FEW;
    const of = say(few ? words.of_few : words.of_gate, { count: whole(row.denials) });
    const attributes = { "aria-label": `${row.label}: ${text} ${of}` };
    // At the lower end somebody stands behind it for certain.
    if (low) attributes.href = view.people({ gate: row.gate, cause });
    return make(
      "li",
      { class: few ? "few" : false },
      make(
        low ? "a" : "span",
        low ? attributes : {},
        make("span", { class: "label" }, row.label),
        svg,
        make("span", { class: "number" }, text, make("small", { class: "quiet" }, ` ${of}`)),
      ),
    );
  }
}
