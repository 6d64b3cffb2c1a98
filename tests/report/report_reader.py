"""Read a report as a machine does: its numbers with their names, its tables with their rows."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "br", "img", "input", "link", "hr"}


class Reader(HTMLParser):
    """Collect numbers of figures, cells of tables, headings, ids, and elements by tag."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.numbers: list[dict[str, str]] = []
        self.of_groups: list[dict[str, str]] = []
        self.tables: list[dict] = []
        self.headings: list[int] = []
        self.tags: dict[str, list[dict[str, str]]] = {}
        self.text_of: dict[str, str] = {}
        self._open: list[tuple[str, dict[str, str]]] = []
        self._table: dict | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        attributes = {name: value or "" for name, value in attrs}
        self.tags.setdefault(tag, []).append(attributes)
        if tag not in VOID:
            self._open.append((tag, attributes))
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append(int(tag[1]))
        if tag == "data" and "data-figure" in attributes:
            self.numbers.append(attributes)
        elif tag == "data" and "data-group" in attributes:
            self.of_groups.append(attributes)
        elif tag == "data" and self._table is not None:
            self._table["rows"][-1][-1] = attributes["value"]
        if tag == "table" and "data-table" in attributes:
            self._table = {**attributes, "columns": [], "rows": []}
            self.tables.append(self._table)
        elif self._table is not None and tag == "th" and "data-column" in attributes:
            self._table["columns"].append(attributes["data-column"])
            if "data-turned" in self._table:
                self._table["rows"] = self._table["rows"] or [[]]
                self._table["rows"][0].append(None)
        elif self._table is not None and "data-turned" not in self._table:
            if tag == "tr" and self._table["columns"]:
                self._table["rows"].append([])
            elif tag in {"td", "th"}:
                self._table["rows"][-1].append(None)

    def handle_endtag(self, tag):
        if tag == "table":
            self._table = None
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1][0] == tag, f"</{tag}> closes <{self._open[-1][0]}>"
        self._open.pop()

    def handle_data(self, data):
        for _, attributes in self._open:
            if "id" in attributes:
                name = attributes["id"]
                self.text_of[name] = self.text_of.get(name, "") + data
