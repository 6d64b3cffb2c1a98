"""Write the JSON Schema of regime files to docs/schema, for editors.

``python tools/write_schema.py``
"""

from __future__ import annotations

import json
from pathlib import Path

from glasscity.regime import regime_schema

TARGET = Path(__file__).resolve().parent.parent / "docs" / "schema" / "regime.schema.json"


def main() -> None:
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(
        json.dumps(regime_schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
