"""QR codes of links, to be printed or shown."""

from enum import StrEnum
from functools import lru_cache
from io import BytesIO

import segno

QUIET_ZONE = 4
"""Modules of empty space around a code (ISO/IEC 18004)."""
CORRECTION = "m"
"""A code with 15 % of it damaged is read (ISO/IEC 18004): enough for a poster, not too dense."""
MODULE_MM = 1
"""Millimetres of a module as an SVG is placed on a page. Ours: read from half a metre away."""
PIXELS = 20
"""Pixels of a module in a PNG. Ours: sharp at 300 dots an inch up to 1.7 mm a module."""
DOTS_PER_INCH = 300


class QrFormat(StrEnum):
    """File formats of a QR code."""

    svg = "svg"
    png = "png"

    @property
    def content_type(self) -> str:
        return "image/svg+xml" if self is QrFormat.svg else "image/png"


def secret_picture(link: str) -> str:
    """Return the QR code of a secret as an address of data, of which nothing is kept."""
    code: str = segno.make(link, error=CORRECTION, micro=False).svg_data_uri(
        border=QUIET_ZONE, scale=4, light="#fff"
    )
    return code


@lru_cache(maxsize=256)  # ours: the sources of some accounts, about 10 kB each
def qr_code(link: str, kind: QrFormat) -> bytes:
    """Return the QR code of a link."""
    code = segno.make(link, error=CORRECTION, micro=False, boost_error=True)
    file = BytesIO()
    if kind is QrFormat.svg:
        code.save(file, kind="svg", border=QUIET_ZONE, scale=MODULE_MM, unit="mm", light="#fff")
    else:
        code.save(file, kind="png", border=QUIET_ZONE, scale=PIXELS, dpi=DOTS_PER_INCH)
    return file.getvalue()
