// A few citizens, each as a card: who they are, and what befell them.
import { ask, make, say, words } from "./page.js";
import { whole } from "./numbers.js";

// Fill a list with the first citizen of each filter.
export async function meetInto(list, run, filters) {
  const found = await Promise.all(
    filters.map(async (filter) => {
      try {
        const query = new URLSearchParams({ filter, limit: 1 });
        return { filter, ...(await ask(`/api/runs/${run}/people?${query}`)) };
      } catch (error) {
        return { filter, found: 0, people: [], error };
      }
    }),
  );
  list.replaceChildren(...found.map((one) => card(run, one)));
}

function card(run, { filter, found, people, error }) {
  const title = make("p", { class: "eyebrow" }, words.filters[filter]);
  if (!people.length) {
    const said = error ? error.message : words.meet_none;
    return make("li", { class: "card person" }, title, make("p", { class: "quiet" }, said));
  }
  const [one] = people;
  const reason = one.why[0].reason;
  const all = new URLSearchParams({ filter });
  return make(
    "li",
    { class: "card person" },
    title,
    make("h3", {}, say(words.citizen, { number: whole(one.citizen) })),
    make("p", {}, one.sentence),
    make("p", {}, `${reason[0].toUpperCase()}${reason.slice(1)}.`),
    make(
      "p",
      { class: "actions" },
      one.life ? make("a", { class: "button", href: one.life }, words.life) : null,
      make("a", { href: `/runs/${run}/people?${all}` }, `${words.all} (${whole(found)})`),
    ),
  );
}
