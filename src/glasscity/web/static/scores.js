// The distribution of scores in a month, as bars that lead to the people behind them.
import { whole } from "./numbers.js";
import { make, say, svgLink, words } from "./page.js";

const WIDE = 600;
const HIGH = 200;

export function drawScores(place, about, note, view) {
  const { scores, counts } = view.course;
  about.hidden = scores === null;
  if (scores === null) {
    place.append(make("p", { class: "nothing" }, words.scores_never));
    return () => {};
  }
  about.textContent = say(words.scores_about, { width: scores.width });
  const bars = scores.counts[0].length;
  const shares = scores.counts.flatMap((line, month) =>
    line.map((count) => (scores.scored[month] ? count / scores.scored[month] : 0)),
  );
  const top = Math.max(...shares) || 1;
  const step = WIDE / bars;
  const rects = scores.counts[0].map((_, bar) => {
    const from = scores.from + bar * scores.width;
    const to = from + scores.width - 1;
    const rect = make("rect", { x: bar * step + 0.5, width: Math.max(step - 1, 1) });
    // As high as the picture, so that small bars can be hit as well.
    const field = make("rect", { class: "field-of", x: bar * step, y: 0, width: step, height: HIGH });
    const title = make("title");
    const link = svgLink({}, rect, field, title);
    return { from, to, rect, title, link };
  });
  const ticks = [];
  const range = bars * scores.width;
  const apart = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((one) => range / one <= 12) ?? 1000;
  for (let score = Math.ceil(scores.from / apart) * apart; ; score += apart) {
    const at = ((score - scores.from) / scores.width) * step;
    if (at > WIDE - 10) break;
    if (at < 10) continue;
    ticks.push(make("text", { x: at, y: HIGH + 20, "text-anchor": "middle" }, String(score)));
  }
  const mean = make("line", { class: "cursor", y1: 0, y2: HIGH });
  // Not role=img: the bars are links.
  const svg = make(
    "svg",
    { viewBox: `0 -4 ${WIDE} ${HIGH + 30}`, class: "scores" },
    ...rects.map((one) => one.link),
    mean,
    make("line", { class: "base", x1: 0, x2: WIDE, y1: HIGH, y2: HIGH }),
    ...ticks,
  );
  place.append(svg);
  return () => {
    const { month, last } = view;
    const scored = scores.scored[month];
    const none = counts.citizens[0][month] - scored;
    for (const [bar, one] of rects.entries()) {
      const count = scores.counts[month][bar];
      const high = scored ? (count / scored / top) * HIGH : 0;
      one.rect.setAttribute("y", HIGH - high);
      one.rect.setAttribute("height", high);
      const told = say(words.bar, { from: one.from, to: one.to, count: whole(count) });
      one.title.textContent = told;
      if (month === last && count) {
        one.link.setAttribute("href", view.people({ score_from: one.from, score_to: one.to }));
        one.link.setAttribute("aria-label", told);
      } else {
        one.link.removeAttribute("href");
        one.link.removeAttribute("aria-label");
      }
    }
    mean.style.display = scored ? "" : "none";
    if (!scored) {
      note.textContent = words.scores_none;
      return;
    }
    const average = scores.sum[month] / scored;
    const at = ((average - scores.from) / scores.width) * step;
    mean.setAttribute("x1", at);
    mean.setAttribute("x2", at);
    const told = { count: whole(scored), none: whole(none), mean: average.toFixed(0) };
    note.textContent = `${say(words.scored, told)} ${month === last ? words.meet_last : words.meet_later}`;
  };
}
