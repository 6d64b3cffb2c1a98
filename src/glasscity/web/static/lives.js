// Ways to find a life: the first that each question finds.
import { byId, data } from "./page.js";
import { meetInto } from "./meet.js";

await meetInto(byId("meet"), data.run, data.filters);
document.documentElement.dataset.ready = "yes";
