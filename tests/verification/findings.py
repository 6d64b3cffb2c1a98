"""What the checks found, for the page about them: how near to an alarm a sound kernel came.

``make verify`` runs every check with ``--findings docs/verification.json`` and writes here what the
run itself measured; ``tools/make_verification.py`` shows it.  A check need not do anything for it:
the comparisons of ``alarm`` are noted as they are made.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from glasscity._version import MODEL_VERSION


@dataclass
class Found:
    """What the checks of one file found.

    ``compared`` comparisons with a closed form within an error, ``exact`` ones without any,
    ``counted`` what these were about, ``faults`` wrong kernels that failed; ``nearest`` the
    comparison that came nearest to an alarm, as a share of what is allowed.
    """

    tests: Counter = field(default_factory=Counter)
    compared: int = 0
    exact: int = 0
    faults: int = 0
    counted: Counter = field(default_factory=Counter)
    nearest: dict | None = None

    def entry(self) -> dict:
        """Return what is written."""
        return {
            "date": dt.date.today().isoformat(),
            "model": MODEL_VERSION,
            "tests": dict(sorted(self.tests.items())),
            "compared": self.compared,
            "exact": self.exact,
            "counted": dict(sorted(self.counted.items())),
            "faults": self.faults,
            "nearest": self.nearest,
        }


class Book:
    """All findings of a session, by file; nothing is noted between tests or of wrong kernels."""

    def __init__(self) -> None:
        self.files: dict[str, Found] = {}
        self.file: str | None = None
        self.muted = 0

    def of(self, name: str) -> Found:
        return self.files.setdefault(name, Found())

    @property
    def open(self) -> Found | None:
        return None if self.file is None or self.muted else self.of(self.file)

    def exact(self) -> None:
        """Note a comparison that allows no error."""
        if self.open:
            self.open.exact += 1

    def counted(self, what: str, number: int) -> None:
        """Note how many things were compared one by one, with no error allowed."""
        if self.open:
            self.open.counted[what] += int(number)

    def compared(self, what: str, found: float, expected: float, share: float) -> None:
        """Note a comparison that used up a ``share`` of the error that it allows."""
        here = self.open
        if here is None:
            return
        here.compared += 1
        if here.nearest is None or share > here.nearest["share"]:
            here.nearest = {
                "what": what,
                "found": float(f"{found:.6g}"),
                "expected": float(f"{expected:.6g}"),
                "share": round(float(share), 3),
            }

    def fault(self) -> None:
        """Note a wrong kernel that failed its check."""
        if self.open:
            self.open.faults += 1

    def write(self, path: Path, incomplete: set[str], present: set[str]) -> None:
        """Bring a file of findings up to date with the checks that have run as a whole."""
        known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        known = {name: entry for name, entry in known.items() if name in present}
        for name, found in self.files.items():
            if name in present and name not in incomplete:
                known[name] = found.entry()
        text = json.dumps(dict(sorted(known.items())), indent=1, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")


BOOK = Book()
