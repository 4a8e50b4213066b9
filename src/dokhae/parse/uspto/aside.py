"""USPTO XML that is no publication: recognised, so that the list of rejected files says what it is.

In: classification files (CPC master and scheme), answers of the assignment search, and papers of an application's file
(XML4IP: claims, specification, abstract as filed or amended, read by OCR).  Out: one ``Rejected`` a file, with what to
use instead.  Never a document: an amendment in a file wrapper is not what was published.
Source: USPTO, CPC bulk data, XML for Intellectual Property; the files themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from dokhae.parse.xml.documents import root_name
from dokhae.types import Rejected, Source

_HEAD_BYTES = 8192
_CLASSIFICATION = frozenset({"CPCMasterClassificationFile", "class-scheme", "cpc-definitions", "class-scheme-export"})
_ASSIGNMENTS = re.compile(rb"patAssign(?:or|ee)|<str name=\"reelNo\"")
_WRAPPER = re.compile(rb"urn:us:gov:doc:uspto:patent\b")
_APPLICATION = re.compile(rb"ApplicationNumber>\s{0,20}(\d{6,10})\s{0,20}<")


class UsptoAside:
    name = "uspto-aside"
    version = "1"

    def claims_file(self, head: bytes) -> bool:
        return bool(_code_of(head))

    def read(self, stream: BinaryIO, source: Source) -> Iterator[Rejected]:
        head = stream.read(_HEAD_BYTES)
        here, root = replace(source, format=self.name), root_name(head)
        code = _code_of(head)
        if code in ("classification-file", "assignment-records"):
            yield Rejected.of(here, code, root=root)
        else:
            application = _APPLICATION.search(head)
            number = application.group(1).decode() if application else "?"
            yield Rejected.of(here, "file-wrapper-paper", root=root, application=number)


def _code_of(head: bytes) -> str:
    root = root_name(head)
    if root in _CLASSIFICATION:
        return "classification-file"
    if root == "response" and _ASSIGNMENTS.search(head):
        return "assignment-records"
    return "file-wrapper-paper" if root.endswith("Document") and _WRAPPER.search(head) else ""
