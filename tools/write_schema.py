"""Write the JSON Schemas of regime and study files to docs/schema, for editors.

``python tools/write_schema.py``
"""

from __future__ import annotations

import json
from pathlib import Path

from glasscity.regime import regime_schema
from glasscity.study.plan import study_schema

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "schema"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for kind, schema in (("regime", regime_schema()), ("study", study_schema())):
        text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        (FOLDER / f"{kind}.schema.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
