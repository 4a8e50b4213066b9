"""Families, near-duplicates, relations and statuses as rows and lines: what ``show`` says about who is who."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dokhae.apps.clicking import Words
from dokhae.apps.output import Row

if TYPE_CHECKING:
    from dokhae.library import Patent
    from dokhae.study import Study
    from dokhae.study.duplicates import Twin
    from dokhae.study.relations import Relations
    from dokhae.types import Status

FAMILY_COLUMNS = ("family", "number", "title", "filed", "office")
DUPLICATE_COLUMNS = ("group", "number", "title", "similarity", "why", "source")
_SHOWN = 12  # patents named in one line


def family_rows(opened: Study) -> Iterator[Row]:
    """A row for each application of each family of several."""
    from dokhae.insight.facts import office_of
    from dokhae.study import name_of

    for family, members in opened.family_members():
        name = name_of(members[0]) if family.id.startswith("#") else family.id
        for patent in members:
            yield {
                "family": name,
                "number": name_of(patent),
                "title": patent.biblio.title,
                "filed": patent.biblio.application_date,
                "office": office_of(patent),
            }


def duplicate_rows(found: tuple[tuple[Twin, ...], ...], words: Words) -> Iterator[Row]:
    """A row for each publication of each group; the first has no reason: the others are compared with it."""
    from dokhae.study import name_of

    for n, group in enumerate(found, 1):
        for twin in group:
            yield {
                "group": n,
                "number": name_of(twin.patent),
                "title": twin.patent.biblio.title,
                "similarity": f"{twin.similarity:.2f}" if twin.why else None,
                "why": words(f"said-why-{twin.why.name.replace('_', '-')}") if twin.why else None,
                "source": str(twin.patent.sources[0]) if twin.patent.sources else "",
            }


def particulars(related: Relations, words: Words) -> Iterator[tuple[str, str]]:
    """What else of a patent is in the study; what is not there is left out."""
    known = {
        "same_application": _named(related.publications),
        "family": _named(related.family),
        "parent": _named(related.parents) or ", ".join(n.compact for n in related.named),
        "children": _named(related.children),
        "siblings": _named(related.siblings),
        "international": words("said-national-phase") if related.is_national_phase else "",
    }
    return ((name, value) for name, value in known.items() if value)


def statuses_of(patent: Patent) -> str:
    """Every status supplied, the one that counts first, each with its date and its source."""
    biblio = patent.biblio
    return "; ".join(map(_status, biblio.statuses or ((biblio.status,) if biblio.status else ())))


def _status(status: Status) -> str:
    about = [status.as_of.isoformat() if status.as_of else "", status.source]
    said = ", ".join(filter(None, about))
    return f"{status.name} ({said})" if said else status.name


def _named(patents: tuple[Patent, ...]) -> str:
    from dokhae.study import name_of

    more = f" +{len(patents) - _SHOWN}" if len(patents) > _SHOWN else ""
    return ", ".join(name_of(patent) for patent in patents[:_SHOWN]) + more
