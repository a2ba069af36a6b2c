"""A web address as a picture that the camera of a phone reads."""

import segno
from markupsafe import Markup


def qr_code(address: str) -> Markup:
    """Drawn for the page itself: no file, no style, with the quiet edge that cameras need."""
    code = segno.make_qr(address, error="m")
    return Markup(code.svg_inline(border=4, omitsize=True, svgclass="app-qr__code", lineclass=None))  # noqa: S704  # of squares alone
