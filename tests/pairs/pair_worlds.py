"""Which worlds the pair of these tests has."""

# Places among the others: itself with a safeguard at strength zero; without joint punishment; a
# plain credit bureau.
SELF, WITHOUT, BUREAU = 0, 1, 2
FIELDS = {"country": "plainland", "citizens": 1_500, "months": 72, "seed": 5}
