// A measure of both runs of a pair as text, with the digits that its people support.
import { percent, whole } from "./numbers.js";
import { words } from "./page.js";

export function texts(measure) {
  const text = (side) => {
    const value = measure[side];
    if (value === null) return words.not_estimable;
    if (measure.unit === "share") return percent(value, measure.sizes[side]);
    return measure.unit === "count" ? whole(value) : value.toFixed(1);
  };
  return { base: text("base"), other: text("other") };
}
