// Groups side by side: a bar each, a thin mark for the unscored world.
import { make, say, words } from "./page.js";

export function drawGroups(place, view, groupings) {
  const { course } = view;
  const rows = [];
  for (const kind of Object.keys(groupings)) {
    if (kind === "province") continue;
    const own = course.groups
      .map((group, at) => ({ ...group, at }))
      .filter((group) => group.kind === kind)
      .map((group) => row(group));
    rows.push(...own);
    const list = make("ul", {}, ...own.map((one) => one.item));
    place.append(make("div", { class: "grouping" }, make("h3", {}, groupings[kind]), list));
  }

  function row(group) {
    const bar = make("rect", { class: "bar", x: 0, y: 3, height: 10 });
    const twin = make("rect", { class: "mark-of-twin", y: 0, width: 1.6, height: 16 });
    const svg = make(
      "svg",
      { viewBox: "0 0 200 16", preserveAspectRatio: "none", "aria-hidden": "true" },
      make("rect", { class: "track", x: 0, y: 3, width: 200, height: 10 }),
      bar,
      twin,
    );
    const value = make("span", { class: "number" });
    const link = make("a", {}, make("span", { class: "label" }, group.label), svg, value);
    return { ...group, bar, twin, value, link, item: make("li", {}, link) };
  }

  let series = "";
  let top = 1;
  return () => {
    if (series !== view.series) {
      series = view.series;
      const worlds = [course.counts, course.twin].filter(Boolean);
      top =
        Math.max(
          ...rows.flatMap((one) =>
            worlds.flatMap((world) =>
              course.months.map((_, month) => view.at(series, one.at, month, world).share ?? 0),
            ),
          ),
        ) || 1;
    }
    for (const one of rows) {
      const number = view.at(series, one.at, view.month);
      const twin = view.at(series, one.at, view.month, course.twin);
      const text = view.text(number);
      one.bar.setAttribute("width", ((number.share ?? 0) / top) * 200);
      one.twin.setAttribute("x", ((twin?.share ?? 0) / top) * 198.4);
      one.twin.style.display = twin === null || twin.share === null ? "none" : "";
      one.value.textContent = text;
      one.value.dataset.value = number.share;
      one.link.href = view.behind(one.at);
      one.link.setAttribute("aria-label", say(words.group_row, { group: one.label, value: text }));
    }
  };
}
