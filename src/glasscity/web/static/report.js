// The page Report: one picture of the report at a time; have the report written anew.
import { drawChart } from "./chart.js";
import { asked, byId, data, post, remember } from "./page.js";

const choice = byId("chart");

async function show() {
  const name = choice.value;
  byId("picture-title").textContent = data.charts[name][0];
  byId("picture-about").textContent = data.charts[name][1];
  try {
    const title = data.charts[name].join(". ");
    const { library, run } = data;
    await drawChart(byId("picture"), { library, run, chart: name, title });
  } catch (error) {
    byId("picture").textContent = error.message;
  }
  byId("picture").dataset.drawn = name;
}

if (Object.hasOwn(data.charts, asked("chart"))) choice.value = asked("chart");
choice.addEventListener("change", () => {
  remember({ chart: choice.value });
  show();
});
byId("write")?.addEventListener("click", async (event) => {
  event.target.disabled = true;
  try {
    await post(`/api/runs/${data.run}/report`);
    location.reload();
  } catch (error) {
    event.target.replaceWith(error.message);
  }
});
await show();
document.documentElement.dataset.ready = "yes";
