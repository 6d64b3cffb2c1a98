"""Write docs/lives.md: how a life is retold, with one real example from plainland.

``python tools/make_lives.py`` runs a small society, finds somebody and retells that life.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "lives.md"
PICTURE = ROOT / "docs" / "images" / "life.svg"

RUN = "glasscity run --country plainland --citizens 3000 --no-twin --no-report --out plain"
FILTER = "wrongly-listed"

TEXT = """\
<!-- Made by tools/make_lives.py: not by hand. -->

# Lives

Any citizen's life can be retold, month by month: what happened, what was recorded, each change of
score with its exact parts, what was refused and why, and but for which cause it would have been
granted. Everybody is made up; nobody real can be looked up.

```
glasscity find FOLDER FILTER      who is worth looking at
glasscity life FOLDER CITIZEN     one life; --json, --chart FILE.svg|png|html
```

From Python: `glasscity.find(run, "wrongly-listed", limit=10)` and `glasscity.life(run, citizen)`,
whose `document` is what `--json` prints, whose `months` can be walked, and whose `chart()` is an
Altair chart.

## Whom to look for

| filter | finds | order |
|---|---|---|
{filters}

Joined with `+`, as in `silent-critic+wrongly-listed`, all must hold; the first gives the order.

## How a life is watched

A run keeps no diary of every citizen: a hundred thousand of them would fill a disk. So the run is
made again from its folder, without its twin, and the citizen is watched; what that takes is said
first. Each month is lived twice for the citizen: before each pass of the month, that pass is run
over the citizen's stride of at most 1,024 people alone, what it left is noted, and the state is put
back. Then the world does it, and what it did is compared with what was seen, column by column. At
the end the digest of the run made again is compared with the stored one, and the last lines say
whether they are the same, bit for bit.

`glasscity run --watch 12,507` keeps lives in the run folder (`lives.json`) while the run goes by;
`glasscity life` then needs no second run. Watching never changes a digest.

## What is exact, and what is not

- The parts of a score are whole 1/256 points. With the range's low end and a remainder (rounding,
  and the clip to the range) they add up to the score exactly, and their changes to its change. The
  text rounds them to 1/100; `--json` does not.
- "Would have been granted but for" is the model's but-for: everything else as it was, that month,
  for that citizen alone. It is about one decision. What a life would have been in another world is
  the difference between two runs, not this.
- A cause stands for an input below that of a person of whom nothing adverse is known. Where several
  are named, any one of them alone would have had to be otherwise.
- A gate's own screening refuses in every world. Where it does so with nothing adverse on record,
  that is said.
- What the refusals of others in the household cost is counted for households, and not told here.

## An example

Made with these commands, in a folder of one's own:

```
{commands}
```

The second prints:

```
{found}
```

and the third:

```
{told}
```

![{caption}](images/life.svg)
"""

CAPTION = (
    "The same life as a chart: above, what the score was made of; below, marks for what happened, "
    "what was recorded, lists, gates and refusals"
)


def said(*words: str) -> str:
    """Return what a command prints on standard output."""
    from glasscity.cli import main

    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = main(list(words))
    if code:
        raise SystemExit(f"'glasscity {' '.join(words)}' ended with {code}")
    return out.getvalue().rstrip()


def make() -> int:
    """Write the page and its picture."""
    import glasscity
    from glasscity.rights.search import FILTERS

    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        said(*RUN.split()[1:])
        one = str(glasscity.find("plain", FILTER, limit=1)[0]["citizen"])
        find = ["find", "plain", FILTER, "--limit", "3"]
        life = ["life", "plain", one]
        found, told = said(*find), said(*life)
        said(*life, "--chart", "life.svg")
        PICTURE.write_bytes(Path("life.svg").read_bytes())
    rows = []
    for name, entry in FILTERS.items():
        about, _, order = entry.about.partition("; ")
        rows.append(f"| `{name}` | {about} | {order} |")
    commands = [RUN, " ".join(["glasscity", *find]), " ".join(["glasscity", *life])]
    PAGE.write_text(
        TEXT.format(
            filters="\n".join(rows),
            commands="\n".join(commands),
            found=found,
            told=told,
            caption=CAPTION,
        ),
        encoding="utf-8",
    )
    return 0


if __name__ == "__main__":
    os.environ.setdefault("NO_COLOR", "1")
    sys.exit(make())
