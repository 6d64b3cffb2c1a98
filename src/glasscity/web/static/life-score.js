// A score through the years as a stacked area: its parts, and the months in which doors were closed.
import { make, say, words } from "./page.js";

const life = words.a_life;
// From the bottom of the stack upwards; each has a colour of its own in the style sheet.
export const PARTS = [
  "credit_history",
  "fulfilment_capacity",
  "behaviour_preference",
  "personal_characteristics",
  "ties_scores",
  "ties_voice",
  "own_voice",
  "officials",
];
const HEIGHT = 300;
const LEFT = 46;
const BOTTOM = 46;
const TOP = 10;

export function partName(name, points) {
  return (points && life.parts_of_points[name]) || life.parts[name] || name.replaceAll("_", " ");
}

export function usedParts(lives) {
  return PARTS.filter((name) =>
    lives.some((one) => one.months.some((month) => Math.abs(month.parts[name] ?? 0) >= 0.5)),
  );
}

// The ends of the scale, the same for every life that is shown beside another.
export function scaleOf(lives) {
  const scores = lives.flatMap((one) => one.months.map((m) => m.score).filter((s) => s !== null));
  if (!scores.length) return null;
  const base = Math.min(
    ...lives.flatMap((one) => one.months.filter((m) => m.score !== null).map((m) => m.parts.base)),
  );
  const high = Math.max(...scores);
  return { low: base, high: high + (high - base) * 0.06 };
}

// Draw a life into a place: {document, scale, width, choose(month)}; returns {mark(month)}.
export function drawScore(place, { document: told, scale, choose = null }) {
  const width = Math.max(place.clientWidth, 280);
  const { months } = told;
  const right = 8;
  const x = (at) => LEFT + ((width - LEFT - right) * at) / Math.max(months.length, 1);
  const y = (value) =>
    TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - scale.low) / (scale.high - scale.low));
  const svg = make("svg", {
    viewBox: `0 0 ${width} ${HEIGHT}`,
    width,
    height: HEIGHT,
    role: "img",
    "aria-label": altOf(told),
  });
  shade(svg, months, x);
  for (const value of ticksOf(scale)) {
    svg.append(
      make("line", { class: "base", x1: LEFT, x2: width - right, y1: y(value), y2: y(value) }),
      make("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, String(value)),
    );
  }
  for (const [first, end] of spans(months, (month) => month.score !== null)) {
    stack(svg, months, first, end, x, y);
  }
  const floor = HEIGHT - BOTTOM;
  for (const [first, end] of spans(months, (month) => month.lists.length > 0)) {
    svg.append(make("rect", { class: "listed", x: x(first), y: floor + 4, width: x(end) - x(first), height: 5 }));
  }
  months.forEach((month, at) => {
    if (!month.events.some((one) => one.kind === "refused" && one.class !== "baseline")) return;
    svg.append(make("circle", { class: "refused", cx: x(at + 0.5), cy: floor + 17, r: 3.2 }));
  });
  years(svg, months, x, floor);
  const cursor = make("line", { class: "cursor", y1: TOP, y2: HEIGHT - BOTTOM + 22 });
  svg.append(cursor);
  if (choose) {
    const pick = (event) => {
      const box = svg.getBoundingClientRect();
      const at = Math.floor(
        ((event.clientX - box.left) * (width / box.width) - LEFT) /
          ((width - LEFT - right) / months.length),
      );
      choose(Math.min(Math.max(at, 0), months.length - 1));
    };
    svg.addEventListener("pointerdown", pick);
    svg.addEventListener("pointermove", (event) => event.buttons && pick(event));
  }
  place.replaceChildren(svg);
  return {
    mark(month) {
      cursor.setAttribute("x1", x(month + 0.5));
      cursor.setAttribute("x2", x(month + 0.5));
    },
  };
}

function stack(svg, months, first, end, x, y) {
  // The stack stands on the range's low end, which is the foot of the picture.
  let under = months.slice(first, end).map((month) => month.parts.base);
  for (const name of PARTS) {
    const over = under.map((value, at) => value + Math.max(0, months[first + at].parts[name] ?? 0));
    if (over.some((value, at) => value > under[at])) {
      const up = over.flatMap((value, at) => steps(x, y, first + at, value));
      const down = under.flatMap((value, at) => steps(x, y, first + at, value)).reverse();
      svg.append(make("path", { class: `part part-${name}`, d: `M${[...up, ...down].join("L")}Z` }));
    }
    under = over;
  }
  const line = months.slice(first, end).flatMap((month, at) => steps(x, y, first + at, month.score));
  svg.append(make("polyline", { class: "score-line", points: line.join(" ") }));
}

// A month is a step: nothing happens to a score between months.
function steps(x, y, at, value) {
  const height = y(value).toFixed(1);
  return [`${x(at).toFixed(1)},${height}`, `${x(at + 1).toFixed(1)},${height}`];
}

function shade(svg, months, x) {
  for (const [first, end] of spans(months, (month) => month.closed_gates.length > 0)) {
    svg.append(
      make("rect", {
        class: "shut",
        x: x(first),
        y: TOP,
        width: Math.max(x(end) - x(first), 1.5),
        height: HEIGHT - TOP - BOTTOM,
      }),
    );
  }
}

function spans(months, holds) {
  const found = [];
  months.forEach((month, at) => {
    if (!holds(month)) return;
    const last = found.at(-1);
    if (last && last[1] === at) last[1] = at + 1;
    else found.push([at, at + 1]);
  });
  return found;
}

function ticksOf({ low, high }) {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((one) => (high - low) / one <= 6) ?? 1000;
  const found = [];
  for (let at = Math.ceil(low / step) * step; at <= high; at += step) found.push(at);
  return found;
}

function years(svg, months, x, floor) {
  const wide = x(12) - x(0);
  const every = Math.max(1, Math.ceil(40 / Math.max(wide, 1)));
  months.forEach((month, at) => {
    if (!month.date.endsWith("-01") || Number(month.date.slice(0, 4)) % every) return;
    if (x(at) + 36 > x(months.length)) return;
    svg.append(
      make("line", { class: "base", x1: x(at), x2: x(at), y1: floor, y2: floor + 4 }),
      make("text", { x: x(at) + 2, y: HEIGHT - 8 }, month.date.slice(0, 4)),
    );
  });
}

function altOf({ months }) {
  const scores = months.map((month) => month.score).filter((score) => score !== null);
  const shut = months.filter((month) => month.closed_gates.length).length;
  return say(life.life_alt, {
    from: months[0].date,
    to: months.at(-1).date,
    low: Math.min(...scores),
    high: Math.max(...scores),
    shut,
  });
}
