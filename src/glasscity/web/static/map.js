// Provinces as tiles of one size, coloured by the chosen line.
import { make, say, svgLink, words } from "./page.js";

const SIDE = 100;
const GAP = 6;
const FEW = 200;
const LEAST = 0.05;
const MOST = 0.55;

export function drawMap(place, section, view) {
  const { course, last } = view;
  const tiles = course.groups
    .map((group, at) => ({ ...group, at }))
    .filter((group) => group.kind === "province")
    .map((group) => {
      const [column, row, letters] = group.tile;
      const x = column * SIDE;
      const y = row * SIDE;
      const inner = SIDE - GAP;
      const rect = make("rect", { x, y, width: inner, height: inner, rx: 10 });
      const middle = x + inner / 2;
      const value = make("text", { class: "value", x: middle, y: y + 70, "text-anchor": "middle" });
      const title = make("title");
      const link = svgLink(
        {},
        rect,
        make("text", { x: middle, y: y + 36, "text-anchor": "middle" }, letters),
        value,
        title,
      );
      return { ...group, column, row, rect, value, title, link };
    });
  // A country of one province has no map.
  section.hidden = tiles.length < 2;
  if (section.hidden) return () => {};
  const wide = Math.max(...tiles.map((one) => one.column)) + 1;
  const high = Math.max(...tiles.map((one) => one.row)) + 1;
  const low = make("span");
  const up = make("span");
  const steps = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const swatch = make("span", { class: "step" });
    swatch.style.opacity = LEAST + part * (MOST - LEAST);
    return swatch;
  });
  const svg = make(
    "svg",
    { viewBox: `-2 -2 ${wide * SIDE} ${high * SIDE}`, class: "tiles" },
    ...tiles.map((one) => one.link),
  );
  svg.style.maxWidth = `${Math.max(wide, 2) * 5.2}rem`;
  const legend = make("p", { class: "steps quiet" }, low, ...steps, up);
  place.append(svg, legend);
  let series = "";
  let top = 1;

  // One scale for all months, of the provinces that have enough people.
  function scale() {
    series = view.series;
    const enough = tiles.filter((one) => course.counts.citizens[one.at][last] >= FEW);
    const shares = (enough.length ? enough : tiles).flatMap((one) =>
      course.months.map((_, month) => view.at(series, one.at, month).share ?? 0),
    );
    const most = Math.max(...shares);
    top = most || 1;
    const people = course.counts.citizens[0][last] / tiles.length;
    low.textContent = view.text({ share: 0, of: people, unit: view.about.unit });
    up.textContent = view.text({ share: most, of: people, unit: view.about.unit });
  }

  return () => {
    if (series !== view.series) scale();
    for (const one of tiles) {
      const number = view.at(series, one.at, view.month);
      const few = course.counts.citizens[one.at][view.month] < FEW;
      // Colour would make too much of a few people.
      const part = few ? 0 : Math.min((number.share ?? 0) / top, 1);
      one.rect.style.fillOpacity = LEAST + part * (MOST - LEAST);
      one.link.setAttribute("class", few ? "few" : "");
      const text = view.text(number);
      const told = say(words.group_row, { group: one.name, value: text });
      one.value.textContent = number.share === null ? "–" : short(number);
      one.title.textContent = few ? `${told} (${words.few})` : told;
      one.link.setAttribute("aria-label", one.title.textContent);
      one.link.setAttribute("href", view.behind(one.at));
    }
  };
}

// As little as fits into a tile; the whole number stands in its title.
function short({ share, unit }) {
  const value = share * (unit === "per_thousand" ? 1000 : 100);
  return value >= 9.95 || value === 0 ? value.toFixed(0) : value.toFixed(1);
}
