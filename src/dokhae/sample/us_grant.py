"""USPTO grant XML (us-patent-grant v4.x), several patents one after another in one file as the office ships them.

In: ``Draft``s in English.  Out: the text of one file.  The headings vary as they do in life: half of the patents have
only BACKGROUND, SUMMARY and DETAILED DESCRIPTION.  Source: ipg files of 2005-2013 and the office's DTDs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from dokhae.sample.claims import DraftClaim
from dokhae.sample.compose import Draft
from dokhae.sample.markup import DECLARATION, compact, element, leaves, text
from dokhae.sample.plan import Person

# (first day of use, version, its date)
_DTDS = (
    (date(2022, 2, 1), "v4.7", "2022-02-17"),
    (date(2014, 4, 1), "v4.5", "2014-04-03"),
    (date(2013, 1, 1), "v4.3", "2012-12-04"),
    (date(1, 1, 1), "v4.2", "2006-08-23"),
)
_APPLICANTS_RENAMED_IN = date(2013, 1, 1)  # from v4.3: us-parties, us-applicants
_BARE = (
    ("BACKGROUND", ("field", "background")),
    ("SUMMARY", ("problem", "solution", "effect")),
    ("BRIEF DESCRIPTION OF THE DRAWINGS", ("drawings",)),
    ("DETAILED DESCRIPTION", ("embodiments",)),
)
_NAMED = (
    ("TECHNICAL FIELD", ("field",)),
    ("BACKGROUND ART", ("background",)),
    ("DISCLOSURE", ()),
    ("Technical Problem", ("problem",)),
    ("Technical Solution", ("solution",)),
    ("Advantageous Effects", ("effect",)),
    ("DESCRIPTION OF DRAWINGS", ("drawings",)),
    ("BEST MODE", ("embodiments",)),
)
_USUAL = (
    ("FIELD OF THE INVENTION", ("field",)),
    ("BACKGROUND OF THE INVENTION", ("background",)),
    ("SUMMARY OF THE INVENTION", ("problem", "solution", "effect")),
    ("BRIEF DESCRIPTION OF THE SEVERAL VIEWS OF THE DRAWINGS", ("drawings",)),
    ("DESCRIPTION OF THE PREFERRED EMBODIMENTS", ("embodiments",)),
)
# not strftime: the month must not follow the locale of the machine
_MONTHS = (
    "Jan.", "Feb.", "Mar.", "Apr.", "May", "Jun.", "Jul.", "Aug.", "Sep.", "Oct.", "Nov.", "Dec.",
)  # fmt: skip
_FIGURE = re.compile(r"FIG\. (\d+)")
_CLAIM = re.compile(r"claim (\d+)")
_INSTRUCTION = {"drawings": "brief-description-of-drawings", "embodiments": "DETDESC"}
_INSTRUCTED = {
    "BRFSUM": "Brief Summary",
    "brief-description-of-drawings": "Brief Description of Drawings",
    "DETDESC": "Detailed Description",
}


def grants(drafts: Iterable[Draft]) -> str:
    """One file: each patent with its own XML declaration."""
    return "".join(_grant(draft) for draft in drafts)


def _grant(draft: Draft) -> str:
    day = draft.plan.gazette_day
    version, dated = next((v, d) for since, v, d in _DTDS if day >= since)
    number = draft.plan.grant
    root = (
        f'<us-patent-grant lang="EN" dtd-version="{version} {dated}" file="US{number}-{compact(day)}.XML" '
        f'status="PRODUCTION" id="us-patent-grant" country="US" date-produced="{compact(day)}" '
        f'date-publ="{compact(day)}">'
    )
    return "\n".join(
        [
            f"{DECLARATION}<!DOCTYPE us-patent-grant SYSTEM "
            f'"us-patent-grant-{version.replace(".", "")}-{dated}.dtd" [ ]>',
            root,
            element("us-bibliographic-data-grant", "\n", *_bibliography(draft)),
            element("abstract", element("p", text(draft.abstract), id="p-0001", num="0000"), id="abstract"),
            *_drawings(draft),
            *_description(draft),
            "<us-claim-statement>What is claimed is:</us-claim-statement>",
            element("claims", "\n", *(_claim(c) + "\n" for c in draft.claims), id="claims"),
            "</us-patent-grant>\n",
        ]
    )


# -- bibliography -----------------------------------------------------------------------------------------------------


def _bibliography(draft: Draft) -> Iterator[str]:
    plan, day = draft.plan, draft.plan.gazette_day
    yield _reference("publication-reference", plan.grant, day, kind="B2")
    yield _reference("application-reference", plan.application, plan.filed, appl_type="utility")
    yield element("us-application-series-code", plan.application[:2]) + "\n"
    if plan.priority:
        claimed = leaves(
            (("country", "KR"), ("doc-number", plan.priority.application), ("date", compact(plan.priority.filed)))
        )
        yield element("priority-claims", element("priority-claim", claimed, sequence="01", kind="national")) + "\n"
    classes = (_class(symbol, day, first=n == 0) for n, symbol in enumerate(plan.ipc))
    yield element("classifications-ipcr", "\n", *classes) + "\n"
    yield element("invention-title", text(draft.title), id="d2e53") + "\n"
    yield element("number-of-claims", str(len(draft.claims))) + "\n"
    yield element("us-exemplary-claim", "1") + "\n"
    yield from _parties(draft)
    yield element("examiners", element("primary-examiner", _name(plan.examiner[1].split()[::-1]))) + "\n"


def _reference(tag: str, number: str, day: date, *, kind: str = "", appl_type: str = "") -> str:
    pairs = [("country", "US"), ("doc-number", number), ("kind", kind), ("date", compact(day))]
    inner = element("document-id", "\n", leaves(p for p in pairs if p[1]), "\n")
    attributes = {"appl_type": appl_type} if appl_type else {}
    return element(tag, inner, **attributes) + "\n"


def _class(symbol: str, day: date, *, first: bool) -> str:
    subclass, _, groups = symbol.partition(" ")
    main, _, sub = groups.partition("/")
    pairs = [
        ("classification-level", "A"),
        ("section", subclass[0]),
        ("class", subclass[1:3]),
        ("subclass", subclass[3:]),
        ("main-group", main),
        ("subgroup", sub),
        ("symbol-position", "F" if first else "L"),
        ("classification-value", "I"),
    ]
    version = element("ipc-version-indicator", element("date", "20060101"))
    action = element("action-date", element("date", compact(day)))
    return element("classification-ipcr", version, leaves(pairs), action) + "\n"


def _parties(draft: Draft) -> Iterator[str]:
    plan = draft.plan
    prefix = "us-" if plan.gazette_day >= _APPLICANTS_RENAMED_IN else ""
    inventors = [_inventor(n, person, plan.applicant.city) for n, person in enumerate(plan.inventors, 1)]
    company = element(
        "addressbook",
        element("orgname", text(plan.applicant.en)),
        _address(plan.applicant.city, plan.applicant.country),
    )
    if prefix:
        applicant = element("us-applicant", company, sequence="001", app_type="applicant", designation="us-only")
        filed = element("us-applicants", applicant) + element("inventors", *inventors)
    else:
        filed = element("applicants", *(i.replace("inventor", "applicant") for i in inventors))
    agent = element(
        "agent", element("addressbook", element("orgname", text(plan.agent[1]))), sequence="01", rep_type="attorney"
    )
    yield element(f"{prefix}parties", "\n", filed, "\n", element("agents", agent), "\n") + "\n"
    book = element(
        "addressbook",
        leaves((("orgname", plan.applicant.en), ("role", "02"))),
        _address(plan.applicant.city, plan.applicant.country),
    )
    yield element("assignees", element("assignee", book)) + "\n"


def _inventor(order: int, person: Person, city: str) -> str:
    book = element("addressbook", _name(person.en), _address(city, person.country))
    return element("inventor", book, sequence=f"{order:03}", designation="us-only") + "\n"


def _name(last_first: Sequence[str]) -> str:
    return leaves((("last-name", last_first[0]), ("first-name", last_first[1])))


def _address(city: str, country: str) -> str:
    return element("address", leaves((("city", city), ("country", country))))


# -- text -------------------------------------------------------------------------------------------------------------


def _drawings(draft: Draft) -> Iterator[str]:
    figures = (
        element(
            "figure",
            f'<img id="EMI-D{n:05}" file="US{draft.plan.grant}-D{n:05}.TIF" img-content="drawing"/>',
            num=f"{n:05}",
        )
        for n in range(1, 4)
    )
    yield element("drawings", *figures, id="DRAWINGS")


def _description(draft: Draft) -> Iterator[str]:
    yield '<description id="description">'
    counter = iter(range(1, 10_000))
    yield from _related(draft, counter)
    rng = draft.plan.rng("headings")
    for n, (heading, sections) in enumerate(rng.choice((_BARE, _BARE, _NAMED, _USUAL)), 1):
        kind = next((_INSTRUCTION[s] for s in sections if s in _INSTRUCTION), "BRFSUM")
        yield f'<?{kind} description="{_INSTRUCTED[kind]}" end="lead"?>'
        body = [_paragraph(p, draft, next(counter)) for s in sections for p in draft.sections[s]]
        yield element("heading", heading, id=f"h-{n:04}", level="1")
        yield element("description-of-drawings", *body) if kind.startswith("brief") else "\n".join(body)
        yield f'<?{kind} description="{_INSTRUCTED[kind]}" end="tail"?>'
    yield "</description>"


def _related(draft: Draft, counter: Iterator[int]) -> Iterator[str]:
    first = draft.plan.priority
    if first is None:
        return
    said = (
        f"This application claims the benefit of Korean Patent Application No. {first.application}, filed "
        f"{_MONTHS[first.filed.month - 1]} {first.filed.day}, {first.filed.year}, "
        "the disclosure of which is incorporated herein by reference."
    )
    yield '<?RELAPP description="Other Patent Relations" end="lead"?>'
    yield element("heading", "CROSS-REFERENCE TO RELATED APPLICATIONS", id="h-0000", level="1")
    yield _paragraph(said, draft, next(counter))
    yield '<?RELAPP description="Other Patent Relations" end="tail"?>'


def _paragraph(said: str, draft: Draft, number: int) -> str:
    marked = text(said)
    for sign, name in draft.signs:
        marked = marked.replace(f"{name} {sign}", f"{name} <b>{sign}</b>")
    marked = _FIGURE.sub(r'<figref idref="DRAWINGS">FIG. <b>\1</b></figref>', marked)
    return element("p", marked, id=f"p-{number + 1:04}", num=f"{number:04}")


def _claim(claim: DraftClaim) -> str:
    head, *rest = claim.text.split("\n")
    nested = "".join(f"\n<claim-text>{_referring(line)}</claim-text>" for line in rest)
    inner = element("claim-text", f"{claim.number}. {_referring(head)}", nested)
    return element("claim", "\n", inner, "\n", id=f"CLM-{claim.number:05}", num=f"{claim.number:05}")


def _referring(line: str) -> str:
    def link(found: re.Match[str]) -> str:
        return f'<claim-ref idref="CLM-{int(found[1]):05}">{found[0]}</claim-ref>'

    return _CLAIM.sub(link, text(line))
