"""Where a province's tile stands: columns from west to east, rows from north to south.

All tiles have the same size, so that an empty province weighs no less to the eye than a full one.
The places follow the map roughly, the letters are the usual ones of two; nothing but the drawing
depends on them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = ["places_of"]

_CHINA = {
    "Heilongjiang": (7, 0, "HL"),
    "Inner Mongolia": (5, 1, "NM"),
    "Liaoning": (6, 1, "LN"),
    "Jilin": (7, 1, "JL"),
    "Xinjiang": (0, 2, "XJ"),
    "Gansu": (1, 2, "GS"),
    "Ningxia": (2, 2, "NX"),
    "Shanxi": (3, 2, "SX"),
    "Hebei": (4, 2, "HE"),
    "Beijing": (5, 2, "BJ"),
    "Tianjin": (6, 2, "TJ"),
    "Tibet": (0, 3, "XZ"),
    "Qinghai": (1, 3, "QH"),
    "Shaanxi": (3, 3, "SN"),
    "Henan": (4, 3, "HA"),
    "Shandong": (5, 3, "SD"),
    "Jiangsu": (6, 3, "JS"),
    "Sichuan": (2, 4, "SC"),
    "Chongqing": (3, 4, "CQ"),
    "Hubei": (4, 4, "HB"),
    "Anhui": (5, 4, "AH"),
    "Shanghai": (6, 4, "SH"),
    "Yunnan": (2, 5, "YN"),
    "Guizhou": (3, 5, "GZ"),
    "Hunan": (4, 5, "HN"),
    "Jiangxi": (5, 5, "JX"),
    "Zhejiang": (6, 5, "ZJ"),
    "Guangxi": (3, 6, "GX"),
    "Guangdong": (4, 6, "GD"),
    "Fujian": (5, 6, "FJ"),
    "Hainan": (3, 7, "HI"),
}


def places_of(provinces: Sequence[str]) -> dict[str, tuple[int, int, str]]:
    """Return the column and row of each province's tile.

    Parameters
    ----------
    provinces : sequence of str
        Names in the order of the country's pack.

    Returns
    -------
    dict of str to (column, row, letters)
        No two alike; a country without a layout of its own gets a square, row by row.
    """
    if all(name in _CHINA for name in provinces):
        return {name: _CHINA[name] for name in provinces}
    wide = max(1, math.ceil(math.sqrt(len(provinces))))
    return {name: (at % wide, at // wide, name[:8]) for at, name in enumerate(provinces)}
