// The people around somebody: rings of household, colleagues, friends and contacts, by score.
import { make, say, svgLink, words } from "./page.js";
import { whole } from "./numbers.js";

const life = words.a_life;
const SIZE = 560;
const MIDDLE = SIZE / 2;
const RINGS = { household: 92, colleague: 150, near: 205, far: 252 };

// Draw the circle: {self: {citizen, score}, people, address(citizen)}.
export function drawCircle(place, { self, people, address }) {
  const scores = [self, ...people].map((one) => one.score).filter((score) => score !== null);
  const low = Math.min(...scores);
  const high = Math.max(...scores);
  const shade = (score) => (high > low ? Math.round((100 * (high - score)) / (high - low)) : 0);
  const svg = make("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`, class: "rings" });
  for (const radius of Object.values(RINGS)) {
    svg.append(make("circle", { class: "ring", cx: MIDDLE, cy: MIDDLE, r: radius }));
  }
  for (const layer of Object.keys(RINGS)) {
    const known = people.filter((one) => one.layer === layer);
    known.forEach((one, at) => {
      const angle = (2 * Math.PI * (at + 0.5)) / known.length + RINGS[layer];
      const x = MIDDLE + RINGS[layer] * Math.cos(angle);
      const y = MIDDLE + RINGS[layer] * Math.sin(angle);
      svg.append(make("line", { class: "tie", x1: MIDDLE, y1: MIDDLE, x2: x, y2: y }));
      const link = svgLink({ href: address(one.citizen), "aria-label": told(one) });
      link.append(node(one, x, y, shade), make("title", {}, told(one)));
      link.append(label(one, x, y));
      svg.append(link);
    });
  }
  svg.append(node(self, MIDDLE, MIDDLE, shade, 30), label(self, MIDDLE, MIDDLE));
  const key = make("p", { class: "quiet circle-key" });
  if (scores.length) {
    const steps = [0, 25, 50, 75, 100].map((share) => {
      const box = make("span", { class: "step" });
      box.style.background = colour(100 - share);
      return box;
    });
    key.append(`${life.low} ${low} `, make("span", { class: "steps" }, ...steps), ` ${high} ${life.high}`);
  }
  const list = make(
    "ul",
    { class: "plain" },
    ...people.map((one) => make("li", {}, make("a", { href: address(one.citizen) }, told(one)))),
  );
  place.replaceChildren(
    svg,
    make(
      "div",
      {},
      make(
        "ul",
        { class: "legend" },
        ...Object.keys(RINGS).map((layer) => {
          const known = people.filter((one) => one.layer === layer).length;
          return make("li", {}, `${life.layers[layer]}: ${known}`);
        }),
      ),
      key,
      make("details", {}, make("summary", {}, life.circle_list), list),
    ),
  );
}

function told(one) {
  return say(life.circle_node, {
    number: whole(one.citizen),
    layer: life.layers[one.layer],
    score: one.score === null ? life.circle_no_score : say(life.circle_score, { score: one.score }),
    shut: one.months_shut_out ? say(life.circle_shut, { months: one.months_shut_out }) : "",
  });
}

function node(one, x, y, shade, radius = 21) {
  const shape = make("circle", { cx: x, cy: y, r: radius, class: one.score === null ? "person none" : "person" });
  if (one.months_shut_out) shape.classList.add("was-shut");
  if (one.score !== null) shape.style.fill = colour(shade(one.score));
  return shape;
}

function colour(orange) {
  return `color-mix(in srgb, var(--two) ${Math.round(orange * 0.72)}%, var(--paper))`;
}

function label(one, x, y) {
  const text = one.score === null ? "–" : String(one.score);
  return make("text", { x, y: y + 5, "text-anchor": "middle", "aria-hidden": "true" }, text);
}
