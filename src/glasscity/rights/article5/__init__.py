"""Article 5(1)(c)."""
