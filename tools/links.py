"""Check the relative links of every Markdown file: the file is there, and so is the heading.

``python tools/links.py`` prints one line a broken link and exits 1 if there is one.  Links to
other sites are not followed: a check must not depend on somebody else's server.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent
SKIPPED = {".git", ".venv", "node_modules", "runs", "build", "dist"}

FENCE = re.compile(r"^\s*(```|~~~)")
INLINE_CODE = re.compile(r"`[^`]*`")
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
REFERENCE = re.compile(r"^\s*\[[^\]]+\]:\s+<?(\S+?)>?(?:\s|$)")
HTML = re.compile(r"\b(?:href|src)=\"([^\"]+)\"")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
ANCHOR = re.compile(r"\b(?:id|name)=\"([^\"]+)\"")
ELSEWHERE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)


def main() -> int:
    files = sorted(markdown_files(ROOT))
    problems = [problem for file in files for problem in check(file)]
    for problem in problems:
        print(problem)
    print(f"links: {len(files)} Markdown files, {len(problems)} broken links", file=sys.stderr)
    return 1 if problems else 0


def markdown_files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in SKIPPED or path.is_symlink():
            continue
        if path.is_dir():
            yield from markdown_files(path)
        elif path.suffix == ".md":
            yield path


def check(file: Path) -> Iterator[str]:
    """Yield a line for each link of a file that leads nowhere."""
    for number, line in prose(file):
        text = INLINE_CODE.sub("", line)
        targets = LINK.findall(text) + HTML.findall(text) + REFERENCE.findall(text)
        for target in targets:
            problem = broken(file, target)
            if problem:
                yield f"{shown(file)}:{number}: {target}: {problem}"


def broken(file: Path, target: str) -> str:
    """Return what is wrong with a link, or nothing."""
    if ELSEWHERE.match(target):
        return ""
    name, _, anchor = unquote(target).partition("#")
    if name.startswith("/"):
        return "is absolute; a link inside the repository is relative"
    there = (file.parent / name).resolve() if name else file
    if not there.is_relative_to(ROOT):
        return "leads out of the repository"
    if not there.exists():
        return "there is no such file"
    if anchor and there.suffix == ".md" and anchor.lower() not in anchors(there):
        return "there is no such heading"
    return ""


def anchors(file: Path) -> set[str]:
    """Return the anchors of a file: its headings as a forge spells them, and explicit ones."""
    found: set[str] = set()
    seen: dict[str, int] = {}
    for _, line in prose(file):
        found.update(name.lower() for name in ANCHOR.findall(line))
        heading = HEADING.match(line)
        if heading:
            slug = slug_of(heading.group(1))
            count = seen.get(slug, 0)
            seen[slug] = count + 1
            found.add(f"{slug}-{count}" if count else slug)
    return found


def slug_of(heading: str) -> str:
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    text = re.sub(r"<[^>]*>|[`*]", "", text).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def prose(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the numbered lines of a file that are not inside a code fence."""
    fence = ""
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        mark = FENCE.match(line)
        if mark and not fence:
            fence = mark.group(1)
        elif mark and mark.group(1) == fence:
            fence = ""
        elif not fence:
            yield number, line


def shown(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    sys.exit(main())
