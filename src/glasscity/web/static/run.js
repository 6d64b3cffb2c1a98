// How far a run is; the run goes on whether or not anybody looks.
import { ask, byId, data, make, post, stageOf, words } from "./page.js";

const name = byId("run").dataset.name;
const began = data.run.state;

function show(run) {
  byId("state").replaceChildren(
    make("span", { class: `state state-${run.state}` }, words.states[run.state]),
  );
  const running = run.state === "running";
  byId("bar").hidden = !running;
  if (running) byId("progress").value = run.progress.share ?? 0;
  byId("stage").textContent = stageOf(run);
  byId("reason").hidden = !run.reason;
  byId("reason").lastElementChild.textContent = run.reason;
  byId("cancel").hidden = !["waiting", "running"].includes(run.state);
  byId("resume").hidden = !["stopped", "failed"].includes(run.state);
  byId("see").hidden = run.state !== "finished";
}

let timer = 0;
async function look() {
  clearTimeout(timer);
  try {
    const run = await ask(`/api/runs/${name}`);
    show(run);
    if (run.state === "finished") {
      if (began !== "finished") location.replace(data.society);
      return;
    }
    if (["waiting", "running"].includes(run.state)) timer = setTimeout(look, 400);
  } catch (error) {
    byId("stage").textContent = error.message;
    timer = setTimeout(look, 2000);
  }
}

for (const [id, verb] of [
  ["cancel", "cancel"],
  ["resume", "resume"],
]) {
  byId(id).addEventListener("click", async () => {
    byId("refused").hidden = true;
    try {
      show(await post(`/api/runs/${name}/${verb}`));
    } catch (error) {
      byId("refused").textContent = error.message;
      byId("refused").hidden = false;
    }
    look();
  });
}
show(data.run);
look();
document.documentElement.dataset.ready = "yes";
