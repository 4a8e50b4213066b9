"""Greenbook records made by hand."""

from __future__ import annotations

HEADER = "HHHHHT        APS1 - 10-26-1999                                                \r\n"


def patent(
    *,
    wku: str = "059876549",
    title: str = "Lens drive",
    kind: str = "1",
    groups: str = "",
    text: str = "",
    claims: str = "NUM  1.\nPAR  1. A lens drive comprising a coil.\n",
    ncl: int = 1,
) -> str:
    return f"""PATN
WKU  {wku}
SRC  8
APN  9515559
APT  {kind}
APD  19970818
TTL  {title}
ISD  19991116
NCL  {ncl}
{groups}ABST
PAL  A coil moves
      a lens.
{text}CLMS
STM  What is claimed is:
{claims}"""


def design(wku: str = "D02423458") -> str:
    return f"""PATN
WKU  {wku}
APT  4
TTL  Bottle
ISD  19761116
NCL  1
CLAS
ICL  D0901
DCLM
PAR  The ornamental design for a bottle, as shown and described.
"""
