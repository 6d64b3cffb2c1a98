// Small pictures, one a line: its course, the unscored world dashed, the dates, the month.
import { make, say, words } from "./page.js";

const WIDE = 240;
const HIGH = 78;

export function drawLines(place, view, change) {
  const { course, last } = view;
  const x = (month) => (last ? (month / last) * WIDE : WIDE / 2);
  const year = (month) => course.months[month].split(" ").pop();
  const panels = course.series.map((about) => panel(about));
  let group = -1;

  function panel(about) {
    const radio = make("input", { type: "radio", name: "series", value: about.name });
    const value = make("strong", { class: "number" });
    const highest = make("span");
    const own = make("polyline", { class: "own" });
    const twin = make("polyline", { class: "twin" });
    const cursor = make("line", { class: "cursor", y1: 0, y2: HIGH });
    const dot = make("circle", { class: "dot", r: 3.5 });
    const marks = course.marks.flatMap((mark) => [
      make("line", { class: "date", x1: x(mark.month), x2: x(mark.month), y1: 0, y2: HIGH }),
    ]);
    const svg = make(
      "svg",
      { viewBox: `-4 -6 ${WIDE + 8} ${HIGH + 12}`, "aria-hidden": "true", preserveAspectRatio: "none" },
      make("line", { class: "base", x1: 0, x2: WIDE, y1: HIGH, y2: HIGH }),
      ...marks,
      twin,
      own,
      cursor,
      dot,
    );
    const label = make(
      "label",
      { class: "panel", title: about.definition },
      make("span", { class: "panel-head" }, radio, make("span", {}, about.title)),
      value,
      svg,
      make("span", { class: "panel-foot" }, make("span", {}, year(0)), highest, make("span", {}, year(last))),
    );
    radio.addEventListener("change", () => change({ series: about.name }));
    // Pointing into a picture goes to that month.
    const point = (event) => {
      if (event.type === "pointermove" && !event.buttons) return;
      const box = svg.getBoundingClientRect();
      const at = Math.round(((event.clientX - box.left) / box.width) * last);
      change({ month: Math.min(Math.max(at, 0), last), series: about.name });
      event.preventDefault();
    };
    svg.addEventListener("pointerdown", point);
    svg.addEventListener("pointermove", point);
    return { about, radio, value, highest, own, twin, cursor, dot, label, top: 1 };
  }

  function trace(one) {
    const { name } = one.about;
    const worlds = [course.counts, course.twin].map((world) =>
      world === null
        ? []
        : course.months.map((_, month) => view.at(name, group, month, world).share),
    );
    const most = Math.max(...worlds.flat().map((share) => share ?? 0));
    // A line that is always at zero lies on the ground.
    one.top = most || 1;
    const best = view.course.counts[one.about.whole][group][last];
    one.highest.textContent = say(words.highest, {
      value: view.brief({ share: most, of: best, unit: one.about.unit }),
    });
    const points = (shares) =>
      shares
        .map((share, month) => (share === null ? "" : `${x(month)},${y(one, share)}`))
        .filter(Boolean)
        .join(" ");
    one.own.setAttribute("points", points(worlds[0]));
    one.twin.setAttribute("points", points(worlds[1]));
  }

  function y(one, share) {
    return HIGH - (share / one.top) * HIGH;
  }

  place.append(...panels.map((one) => one.label));
  return () => {
    if (group !== view.group) {
      group = view.group;
      panels.forEach(trace);
    }
    for (const one of panels) {
      const number = view.at(one.about.name, group, view.month);
      one.radio.checked = one.about.name === view.series;
      one.label.classList.toggle("chosen", one.radio.checked);
      one.value.textContent = view.text(number);
      one.value.dataset.value = number.share;
      one.cursor.setAttribute("x1", x(view.month));
      one.cursor.setAttribute("x2", x(view.month));
      one.dot.setAttribute("cx", x(view.month));
      one.dot.setAttribute("cy", y(one, number.share ?? 0));
    }
  };
}
