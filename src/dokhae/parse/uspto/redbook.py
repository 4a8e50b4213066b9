"""USPTO grants and applications since 2005 (red book DTD v4.0 to v4.7): one tree -> one document.

In: the tree of a ``us-patent-grant`` or ``us-patent-application``.  Out: its ``Document`` with title, abstract,
description by headings, and claims.  Sequence listings that follow a patent (``sequence-cwu``) are supplements of it,
not patents: rejected as ``not-a-patent``.
Source: USPTO, Red Book and Yellow Book documentation; the files themselves.
"""

from __future__ import annotations

from dokhae.parse.claims import total_defect
from dokhae.parse.uspto.redbook_biblio import biblio_of, category_of, date_defects_of, numbers_of
from dokhae.parse.uspto.text import Parts, text_of_parts
from dokhae.parse.xml.biblio import child, text_at
from dokhae.parse.xml.documents import Parsed
from dokhae.parse.xml.text import tag_of
from dokhae.types import Document, Rejected

NAME = "uspto-xml"
VERSION = "3"
_GRANT, _APPLICATION = "us-patent-grant", "us-patent-application"
_SUPPLEMENTS = frozenset({"sequence-cwu", "sequence-listing", "table-external-doc", "us-megatable-doc"})
ROOTS = frozenset({_GRANT, _APPLICATION, *_SUPPLEMENTS})


def read(parsed: Parsed) -> Document | Rejected:
    root, source = parsed.root, parsed.source
    name = tag_of(root)
    if name in _SUPPLEMENTS:
        belongs_to = text_at(root, "publication-reference", "document-id", "doc-number")
        return Rejected.of(source, "not-a-patent", root=name, belongs_to=belongs_to or "?")
    is_grant = name == _GRANT
    biblio = child(root, "us-bibliographic-data-grant" if is_grant else "us-bibliographic-data-application")
    if biblio is None:
        return Rejected.of(source, "no-bibliographic-data", root=name)
    numbers = numbers_of(biblio, is_grant=is_grant)
    data = biblio_of(biblio, is_grant=is_grant)
    parts = Parts(
        title=data.title,
        abstract=child(root, "abstract"),
        description=child(root, "description"),
        claims=child(root, "claims"),
        statement=text_at(root, "us-claim-statement"),
    )
    text, odd = text_of_parts(parts, parser=(NAME, VERSION))
    return Document(
        source=source,
        number=numbers[0] if numbers else None,
        numbers=numbers,
        biblio=data,
        texts=(text,),
        defects=parsed.defects
        + date_defects_of(biblio, is_grant=is_grant)
        + odd
        + total_defect(data.printed_claims, text.claims),
        category=category_of(biblio),
    )
