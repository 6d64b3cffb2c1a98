// What every page's script shares: its data, its words, asking the server, making elements.
const given = JSON.parse(document.getElementById("page").textContent);
export const words = given.words;
export const data = given.data;

// Fill {names} of a sentence.
export function say(text, values = {}) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

export function byId(id) {
  return document.getElementById(id);
}

// Make an element: make("a", {href: "/"}, "text", child).
export function make(tag, attributes = {}, ...children) {
  const svg = ["svg", "g", "path", "rect", "line", "circle", "text", "title", "polyline"];
  const element = svg.includes(tag)
    ? document.createElementNS("http://www.w3.org/2000/svg", tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// A link inside a drawing is an element of the drawing.
export function svgLink(attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", "a");
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// What the server answers, or an error whose message is fit to be shown.
export async function ask(address, options = {}) {
  let answer;
  try {
    answer = await fetch(address, options);
  } catch {
    throw new Error(words.no_answer);
  }
  const said = await answer.json();
  if (!answer.ok) {
    const parts = [said.error, said.allowed && `(${said.allowed})`, said.mend];
    const error = new Error(parts.filter(Boolean).join(" – "));
    error.where = said.where;
    throw error;
  }
  return said;
}

export function post(address, body = {}) {
  const headers = { "content-type": "application/json" };
  return ask(address, { method: "POST", headers, body: JSON.stringify(body) });
}

// Keep the state of the view in the address, so that it can be sent to somebody.
export function remember(values) {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(values)) {
    address.searchParams.delete(name);
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== "") address.searchParams.append(name, one);
    }
  }
  history.replaceState(null, "", address);
}

export function asked(name) {
  return new URLSearchParams(location.search).get(name);
}

// Tell how far a run is in words: stage, months, share.
export function stageOf(run) {
  if (run.state === "waiting") return say(words.place, { place: run.progress.place ?? "?" });
  if (run.state !== "running") return "";
  const { stage, done, total } = run.progress;
  const name = words.stages[stage] ?? "";
  return total ? `${name}: ${done} / ${total}` : name;
}
