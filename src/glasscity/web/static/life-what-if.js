// What if: one thing changed in one life, everything else equal, beside the life as lived.
import { byId, data, make, remember, asked, say, words } from "./page.js";
import { drawScore, scaleOf } from "./life-score.js";
import { follow, onBar } from "./waiting.js";
import { whole } from "./numbers.js";

const life = words.a_life;

export function prepareWhatIf(lived, months, told) {
  const choice = byId("what-if-month");
  months.forEach((name, at) => choice.append(make("option", { value: at }, name)));
  const form = byId("what-if-form");
  const kinds = [...form.querySelectorAll("[name=kind]")];
  const kind = () => kinds.find((one) => one.checked).value;
  const usual = () => {
    choice.value = String(best(lived, kind()));
  };
  for (const one of kinds) one.addEventListener("change", usual);
  const wanted = kinds.find((one) => one.value === asked("what-if"));
  (wanted ?? kinds.find((one) => one.value === likely(lived))).checked = true;
  usual();
  if (asked("from")) choice.value = asked("from");
  const go = async () => {
    byId("what-if-refused").hidden = true;
    remember({ "what-if": kind(), from: choice.value });
    told({ kind: kind(), month: Number(choice.value) });
    const query = new URLSearchParams({ month: choice.value, change: kind() });
    try {
      const stands = await follow({
        address: `${data.api}/what-if?${query}`,
        show: (one) => onBar(byId("what-if-bar"), byId("what-if-stage"), one),
      });
      show(lived, stands.found, months);
    } catch (error) {
      byId("what-if-bar").hidden = true;
      byId("what-if-refused").textContent = error.message;
      byId("what-if-refused").hidden = false;
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go();
  });
  if (wanted) go();
}

// What is nearest at hand: the error where there was one, else the friends.
function likely(lived) {
  return lived.totals.errors_on_record ? "error_corrected" : "other_friends";
}

// The month from which on a change could matter: that of what it undoes, or the first of trouble.
function best(lived, kind) {
  const first = (holds) => lived.months.findIndex(holds);
  const has = (month, wanted) => month.events.some((one) => one.kind === wanted);
  const shut = first((month) => month.closed_gates.length > 0);
  let at = -1;
  if (kind === "error_corrected") {
    at = first((month) => has(month, "error"));
    // It is corrected at the start of a month: what is written in it comes after.
    if (at >= 0) at += 1;
  }
  if (kind === "paid_on_time") at = first((month) => month.owed.credit + month.owed.fee > 0);
  if (kind === "spoke") at = first((m) => m.unafraid_voice === "criticise" && m.voice !== "criticise");
  if (kind === "kept_silent") at = first((month) => month.voice === "criticise");
  if (at < 0) at = Math.max(shut - 12, 0);
  return Math.min(at, lived.months.length - 1);
}

function show(lived, found, months) {
  const { changed, totals, differs_from: differs, others, story } = found;
  const place = byId("what-if-result");
  const rows = Object.keys(life.totals)
    .filter((name) => name in totals)
    .map((name) =>
      make(
        "tr",
        { "data-total": name },
        make("th", { scope: "row" }, life.totals[name]),
        make("td", { class: "amount" }, whole(totals[name].lived)),
        make("td", { class: "amount" }, whole(totals[name].changed)),
      ),
    );
  const table = make(
    "table",
    { class: "totals" },
    make(
      "thead",
      {},
      make("tr", {}, ...["", life.lived, life.changed].map((name) => make("th", { scope: "col" }, name))),
    ),
    make("tbody", {}, ...rows),
  );
  const pictures = [lived, changed].map((one, at) => {
    const picture = make("div", { class: "life-score" });
    return { one, picture, figure: make("figure", {}, make("figcaption", {}, make("h3", {}, at ? life.changed : life.lived)), picture) };
  });
  const scale = scaleOf([lived, changed]);
  place.replaceChildren(
    make("p", { class: "happened" }, differs === null ? life.differs_not : say(life.differs, { when: months[differs] })),
    make("p", {}, others.citizens ? say(life.others, { count: whole(others.citizens), of: whole(others.of) }) : life.others_none),
    ...(story.quote && differs !== null ? [make("p", { class: "quiet" }, `${life.changed}: ${story.quote}`)] : []),
    make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": life.changed }, table),
    scale ? make("div", { class: "pair" }, ...pictures.map((one) => one.figure)) : "",
  );
  if (scale) for (const { one, picture } of pictures) {
    const drawn = drawScore(picture, { document: one, scale });
    drawn.mark(found.month);
  }
}
