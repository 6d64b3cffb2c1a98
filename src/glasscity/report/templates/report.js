// Draws the charts.  Nothing is asked of any server, and no text is read as HTML or as code.
const page = JSON.parse(document.getElementById("charts").textContent);

const tip = document.createElement("div");
tip.className = "tip";
tip.setAttribute("aria-hidden", "true");
tip.hidden = true;
document.body.append(tip);

function showTip(_handler, event, _item, value) {
  tip.replaceChildren();
  if (value === null || value === undefined || value === "") {
    tip.hidden = true;
    return;
  }
  for (const [name, text] of Object.entries(value)) {
    const line = document.createElement("div");
    const label = document.createElement("span");
    label.textContent = name;
    const amount = document.createElement("b");
    amount.textContent = text;
    line.append(label, amount);
    tip.append(line);
  }
  tip.hidden = false;
  const right = event.clientX + tip.offsetWidth + 24 > document.documentElement.clientWidth;
  const left = right ? event.clientX - tip.offsetWidth - 12 : event.clientX + 12;
  tip.style.left = `${Math.max(left, 4)}px`;
  tip.style.top = `${Math.max(event.clientY - tip.offsetHeight - 12, 4)}px`;
}

const options = {
  mode: "vega-lite",
  renderer: "svg",
  actions: false,
  ast: true,
  defaultStyle: false,
  config: { ...page.config, legend: { disable: true } },
  tooltip: showTip,
};

for (const place of document.querySelectorAll("[data-chart]")) {
  try {
    await window.vegaEmbed(place, page.charts[place.dataset.chart], options);
  } catch (error) {
    place.textContent = page.failed;
    console.error(error);
  }
  // Let the page answer between two charts.
  await new Promise((resume) => setTimeout(resume));
}

// Every table can be saved as a file: exact values, as the figures' definitions name the columns.
function cell(element) {
  const exact = element.querySelector("data");
  const text = exact ? exact.getAttribute("value") : element.textContent.trim();
  const plain = element.querySelector(".none") ? "" : text;
  return /[",\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

function rowsOf(table) {
  const named = [...table.querySelectorAll("[data-column]")];
  if (table.dataset.turned !== undefined) {
    return [named.map((head) => head.dataset.column), named.map((head) => cell(head.nextElementSibling))];
  }
  const lines = [...table.tBodies[0].rows].map((row) => [...row.cells].map(cell));
  return [named.map((head) => head.dataset.column), ...lines];
}

for (const table of document.querySelectorAll("table[data-table]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "download";
  button.textContent = page.download;
  const name = table.caption ? table.caption.textContent : table.dataset.table;
  button.setAttribute("aria-label", `${page.download}: ${name}`);
  button.addEventListener("click", () => {
    const text = rowsOf(table).map((line) => line.join(",")).join("\r\n") + "\r\n";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }));
    link.download = `${table.dataset.table}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
  (table.closest(".scroll") ?? table).after(button);
}
document.documentElement.dataset.charts = "drawn";
