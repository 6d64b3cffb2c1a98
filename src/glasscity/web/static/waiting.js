// What is worked out when somebody asks: ask for it, say how far it is, hand over what it gives.
import { ask, post, say, words } from "./page.js";

const life = words.a_life;

// Ask until it is finished: {address, begin, show(stands), every}; returns what the last one says.
export async function follow({ address, begin = true, show = () => {}, every = 400 }) {
  let stands = await ask(address);
  if (begin && ["none", "failed"].includes(stands.state)) stands = await post(address);
  while (["waiting", "running"].includes(stands.state)) {
    show(stands);
    await new Promise((done) => setTimeout(done, every));
    stands = await ask(address);
  }
  show(stands);
  if (stands.state === "failed") throw new Error(say(life.failed, { reason: stands.reason }));
  return stands;
}

// How far it is, in words.
export function far({ state, progress }) {
  if (state === "waiting") return say(life.waiting, { place: progress.place ?? "?" });
  const stage = words.stages[progress.stage] ?? life.starting;
  if (!progress.total) return stage;
  return say(life.stage, { stage, done: progress.done, total: progress.total });
}

// Show how far it is on a bar with a text beside it.
export function onBar(bar, text, stands) {
  const going = ["waiting", "running"].includes(stands.state);
  bar.hidden = !going;
  if (!going) return;
  const progress = bar.querySelector("progress");
  if (stands.progress.share) progress.value = stands.progress.share;
  else progress.removeAttribute("value");
  text.textContent = far(stands);
}
