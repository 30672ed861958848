"""QR codes as SVG: for entrances' sheets and for slips."""

from __future__ import annotations

import io

import segno


def qr_svg(address: str, *, scale: int = 4) -> str:
    """The QR code of an address as an SVG element, black on white, readable when a corner is torn."""
    made = io.BytesIO()
    code = segno.make(address, error="q", micro=False)
    code.save(made, kind="svg", scale=scale, border=2, xmldecl=False, svgns=True, omitsize=False, title="QR")
    return made.getvalue().decode()
