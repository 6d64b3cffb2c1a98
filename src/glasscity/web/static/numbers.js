// How numbers are written: no digit beyond what the number of people supports, as in the report
// (report/numbers.py; a test compares the two).
const GAP = "\u202f";
const MINUS = "\u2212";

function decimalsOfShare(share, size) {
  const people = Math.max(size, 1);
  const spread = Math.max(Math.abs(share * (1 - share)), 1 / people);
  const noise = 200 * Math.sqrt(spread / people);
  return noise > 0 ? Math.min(Math.max(-Math.floor(Math.log10(noise)), 0), 4) : 0;
}

function fixed(value, decimals) {
  const text = Math.abs(value).toLocaleString("en-US", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return value < 0 && Number(text.replaceAll(",", "")) ? MINUS + text : text;
}

export function percent(share, size) {
  if (share === 0 || share === 1) return `${100 * share}${GAP}%`;
  const decimals = decimalsOfShare(share, size);
  const text = fixed(100 * share, decimals);
  if (!Number(text.replaceAll(",", "").replace(MINUS, "-"))) {
    return `under ${(10 ** -decimals).toFixed(decimals)}${GAP}%`;
  }
  return `${text}${GAP}%`;
}

// An interval of shares: both ends, however close, with the same decimals.
export function span(low, high, size) {
  const decimals = Math.max(decimalsOfShare(low, size), decimalsOfShare(high, size));
  return [fixed(100 * low, decimals), fixed(100 * high, decimals) + GAP + "%"];
}

export function perThousand(share, size) {
  const decimals = Math.max(decimalsOfShare(share, size) - 1, 0);
  return fixed(1000 * share, decimals);
}

export function whole(value) {
  return value.toLocaleString("en-US");
}
