"""How large the worlds are in which Article 5(1)(c) is measured here."""

SMALL = {"country": "plainland", "citizens": 4_000, "months": 72, "seed": 3}
