// A thousand little people, some of them coloured.
import { say, words } from "./page.js";

const PEOPLE = 1000;

// Who is coloured first: mixed once, so that as many more are coloured, all others stay.
function places() {
  const order = [...Array(PEOPLE).keys()];
  let state = 12345;
  for (let at = PEOPLE - 1; at > 0; at -= 1) {
    state = (state * 1103515245 + 12345) % 2147483648;
    const other = state % (at + 1);
    [order[at], order[other]] = [order[other], order[at]];
  }
  const rank = new Int32Array(PEOPLE);
  order.forEach((person, at) => (rank[person] = at));
  return rank;
}

export function drawCrowd(canvas) {
  const rank = places();
  let shown = 0;
  let plain = true;

  function paint() {
    const width = canvas.clientWidth;
    if (!width) return;
    const wide = width < 480 ? 40 : 50;
    const step = width / wide;
    const high = Math.ceil(PEOPLE / wide);
    const ratio = window.devicePixelRatio || 1;
    const rise = step * 1.25;
    canvas.style.height = `${high * rise}px`;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(high * rise * ratio);
    const style = getComputedStyle(canvas);
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    const colours = { on: style.getPropertyValue("--two"), off: style.getPropertyValue("--figure") };
    for (const on of [false, true]) {
      pen.beginPath();
      for (let person = 0; person < PEOPLE; person += 1) {
        if (rank[person] < shown !== on) continue;
        const x = (person % wide) * step + step / 2;
        const y = Math.floor(person / wide) * rise;
        const head = step * 0.19;
        pen.moveTo(x + head, y + step * 0.3);
        pen.arc(x, y + step * 0.3, head, 0, 2 * Math.PI);
        // Shoulders, and a body that rests on the line.
        pen.moveTo(x - step * 0.32, y + step * 1.06);
        pen.arc(x, y + step * 0.86, step * 0.32, Math.PI, 0);
        pen.lineTo(x + step * 0.32, y + step * 1.06);
        pen.closePath();
      }
      pen.fillStyle = on ? colours.on : colours.off;
      pen.fill();
    }
  }

  new ResizeObserver(paint).observe(canvas.parentElement);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  return (view) => {
    const number = view.at(view.series, view.group, view.month);
    const count = number.share === null ? 0 : Math.round(number.share * PEOPLE);
    canvas.setAttribute("aria-label", say(words.crowd_alt, { count, what: view.about.title }));
    if (count === shown && !plain) return;
    shown = count;
    plain = false;
    paint();
  };
}
