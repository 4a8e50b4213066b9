"""EP full texts as ``patent-document`` XML (the shape of the MAREC and IFI exports), one file a publication.

In: a ``Draft`` in English.  Out: the text of its file; lines of the text end anywhere, as in the exports.
Source: 254 files of EP and WO publications.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from dokhae.sample.compose import Draft
from dokhae.sample.markup import DECLARATION, compact, element, leaves, text
from dokhae.sample.plan import Person, Plan

_HEADINGS = (
    {
        "field": "Technical Field",
        "background": "Background Art",
        "problem": "Technical Problem",
        "solution": "Solution to Problem",
        "effect": "Advantageous Effects of Invention",
        "drawings": "Brief Description of Drawings",
        "embodiments": "Description of Embodiments",
    },
    {
        "field": "[Technical field of the Invention]",
        "background": "[Description of the Background]",
        "problem": "[Object of this Invention]",
        "solution": "[Summary of the Invention]",
        "drawings": "[Brief Description of the Drawings]",
        "embodiments": "[Detailed Description of the Preferred Embodiments]",
    },
    {
        "field": "BACKGROUND OF THE INVENTION",
        "problem": "SUMMARY OF THE INVENTION",
        "drawings": "BRIEF DESCRIPTION OF THE DRAWINGS",
        "embodiments": "DETAILED DESCRIPTION",
    },
)
_COLUMNS = 84


def kind(plan: Plan) -> str:
    return "B1" if plan.granted else "A1"


def document(draft: Draft) -> str:
    """The whole file of one publication."""
    plan, day = draft.plan, draft.plan.gazette_day
    ucid = f"EP-{plan.grant}-{kind(plan)}"
    root = (
        f'<patent-document status="new" lang="EN" ucid="{ucid}" country="EP" doc-number="{plan.grant}" '
        f'kind="{kind(plan)}" date="{compact(day)}">'
    )
    return (
        DECLARATION
        + root
        + element("bibliographic-data", *_bibliography(draft))
        + element("abstract", element("p", _wrapped(draft.abstract), num=""), lang="EN", status="new")
        + element("description", *_description(draft), lang="EN", status="new")
        + element("claims", *_claims(draft), lang="EN", status="new")
        + "</patent-document>\n"
    )


def _bibliography(draft: Draft) -> Iterator[str]:
    plan = draft.plan
    published = (
        ("country", "EP"),
        ("doc-number", plan.grant),
        ("kind", kind(plan)),
        ("date", compact(plan.gazette_day)),
    )
    yield element("publication-reference", element("document-id", leaves(published, "")))
    filed = (("country", "EP"), ("doc-number", plan.application), ("kind", "A"), ("date", compact(plan.filed)))
    yield element("application-reference", element("document-id", leaves(filed, ""), format="epo"))
    if plan.priority:
        first = plan.priority
        digits = first.application.replace("-", "")[2:]
        claimed = (("country", "KR"), ("doc-number", digits), ("kind", "A"), ("date", compact(first.filed)))
        claim = element("priority-claim", element("document-id", leaves(claimed, ""), format="epo"))
        yield element("priority-claims", claim, status="new")
    classes = (element("classification-ipcr", _symbol(symbol)) for symbol in plan.ipc)
    title = element("invention-title", text(draft.title), lang="EN", status="new")
    yield element("technical-data", element("classifications-ipcr", *classes), title)
    company = element("addressbook", element("name", text(plan.applicant.en)), _country(plan.applicant.country))
    applicants = element("applicants", element("applicant", company, format="epo"))
    inventors = element("inventors", *map(_inventor, plan.inventors))
    yield element("parties", applicants, inventors, _agents(plan))


def _inventor(person: Person) -> str:
    book = element("addressbook", element("name", text(" ".join(person.en).upper())), _country(person.country))
    return element("inventor", book, format="epo", status="new")


def _agents(plan: Plan) -> str:
    book = element("addressbook", element("last-name", text(plan.agent[1])), _country("KR"))
    return element("agents", element("agent", book, format="original", status="new"))


def _country(code: str) -> str:
    return element("address", element("country", code))


def _symbol(symbol: str) -> str:
    """``G02B   7/09        20060101AFI20060101BHEP        `` as the exports pad it."""
    subclass, _, groups = symbol.partition(" ")
    main, _, sub = groups.partition("/")
    return f"{subclass}{main:>4}/{sub:<8}  20060101AFI20060101BHEP        "


def _description(draft: Draft) -> Iterator[str]:
    headings = draft.plan.rng("headings").choice(_HEADINGS)
    number = 0
    for section, paragraphs in draft.sections.items():
        if section in headings:
            yield element("heading", text(headings[section]))
        for paragraph in paragraphs:
            number += 1
            yield element("p", _wrapped(paragraph), num=f"{number:04}")


def _claims(draft: Draft) -> Iterator[str]:
    for claim in draft.claims:
        said = "\n".join(map(_wrapped, claim.text.split("\n")))
        yield element("claim", element("claim-text", said), num=str(claim.number))


def _wrapped(said: str) -> str:
    return text(textwrap.fill(said, _COLUMNS, break_long_words=False, break_on_hyphens=False))
