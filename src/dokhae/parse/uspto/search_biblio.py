"""A record of USPTO's public search -> numbers and ``Biblio``.

In: one record as JSON.  Out: every number it carries, its own first, and the ``Biblio``.  Lists of this service run
side by side (names, countries); "N/A" is nothing.  Never guesses a kind: the one given (``US-6103599-A``) is kept.
Source: USPTO, Patent Public Search; the samples.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from dokhae.parse.numbers import read_number
from dokhae.parse.uspto.greenbook_biblio import parent_patents
from dokhae.parse.xml.biblio import count_of, date_of, ipc_symbol, number_of, unique
from dokhae.types import Biblio, Number, Party, Role

_NOTHING = frozenset({"", "N/A", "[]"})
_GUID = re.compile(r"([A-Z]{2})-([A-Z]{0,2}\d+)-([A-Z]\d?)")
_PROVISIONAL = re.compile(r"provisional-application US (\d{8})\b")
_PARENT = re.compile(
    r"(?:continuation(?:-in-part)?|division|reissue|substitution) (?:parent-doc )?"
    r"(?:([A-Z]{2}) )?(PCT/\w+/\d+|\d{8}) \d{8}"
)
_PARENT_GRANT = re.compile(r"parent-grant-document US (\d{7,8})|parent-doc US \w+ \d{8} US (\d{7,8})")
_CATEGORIES = {"D": "design", "P": "plant"}


def text_in(record: Mapping[str, Any], key: str, *, joined_by: str = " ") -> str:
    """A field as one string; "" where it holds nothing."""
    return joined_by.join(_list(record, key))


def numbers_of(record: Mapping[str, Any]) -> tuple[Number, ...]:
    return unique(number for number in _numbers(record) if number is not None)


def category_of(numbers: tuple[Number, ...]) -> str:
    return _CATEGORIES.get(numbers[0].digits[:1], "invention") if numbers else "invention"


def biblio_of(record: Mapping[str, Any]) -> Biblio:
    title, printed = text_in(record, "inventionTitle"), text_in(record, "numberOfClaims")
    issued, is_grant = _date(record, "datePublished"), not _is_application(record)
    inventors = _parties(record, "inventor", "inventorsName")
    owners, filed = _parties(record, "assignee", "assigneeName"), _parties(record, "applicant", "applicantName")
    persons = {party.name for party in inventors}
    firms = tuple(party for party in filed if party.name not in persons)
    priorities = (_day(written) for written in _list(record, "priorityClaimsDate"))
    return Biblio(
        titles=(("en", " ".join(title.split())),) if title else (),
        application_date=_date(record, "applicationFilingDate"),
        publication_date=_date(record, "priorPublishedDocDate") if is_grant else issued,
        grant_date=issued if is_grant else None,
        priority_date=min(filter(None, priorities), default=None),
        applicants=firms or owners or filed or inventors,
        owners=owners,
        inventors=inventors,
        agents=unique(Party(_person(name)) for name in _list(record, "legalFirmName") or _list(record, "attorneyName")),
        ipc=_ipc(record),
        cpc=_symbols(record, "cpcInventive", "cpcAdditional", "cpcInventiveFlattened", "cpcAdditionalFlattened"),
        cites=_cites(record),
        family_id=text_in(record, "familyIdentifierCurStr") or text_in(record, "familyIdentifierCur"),
        printed_claims=count_of(printed),
        supplied=_supplied(record),
    )


def _list(record: Mapping[str, Any], key: str) -> list[str]:
    value = record.get(key)
    values = value if isinstance(value, list) else [value]
    texts = (str(one) for one in values if isinstance(one, (str, int)) and not isinstance(one, bool))
    return [text.strip() for text in texts if text.strip() not in _NOTHING]


def _beside(record: Mapping[str, Any], key: str, at: int) -> str:
    """The entry of a list that stands beside another list's."""
    value = record.get(key)
    one = value[at] if isinstance(value, list) and at < len(value) else ""
    return one.strip() if isinstance(one, str) and one.strip() not in _NOTHING else ""


def _is_application(record: Mapping[str, Any]) -> bool:
    return text_in(record, "type") == "US-PGPUB"


def _day(written: str) -> date | None:
    return date_of(written[:10])


def _date(record: Mapping[str, Any], key: str) -> date | None:
    return next((day for written in _list(record, key) if (day := _day(written))), None)


def _own_number(record: Mapping[str, Any]) -> Number | None:
    role = Role.publication if _is_application(record) else Role.grant
    guid = _GUID.fullmatch(text_in(record, "guid"))
    if guid:
        return number_of(guid[1], role, guid[2], kind=guid[3])
    kind = next(iter(_list(record, "kindCode")), "")
    return number_of("US", role, text_in(record, "publicationReferenceDocumentNumber"), kind=kind)


def _numbers(record: Mapping[str, Any]) -> Iterator[Number | None]:
    yield _own_number(record)
    yield number_of("US", Role.application, text_in(record, "applicationNumber"))
    for written in _list(record, "priorPublishedDocIdentifier"):
        yield read_number(written, role=Role.publication)
    for written in _list(record, "pctFilingNumber"):
        yield number_of("WO", Role.pct, written)
    for written in _list(record, "pctPubNumber"):
        published = number_of("WO", Role.publication, written)
        yield published and replace(published, role=Role.pct)
    for at, written in enumerate(_list(record, "priorityClaimsDocNumber")):
        yield number_of(_beside(record, "priorityClaimsCountry", at), Role.priority, written)
    yield from _related(_continuity(record))


def _continuity(record: Mapping[str, Any]) -> str:
    return " ".join(" ".join(_list(record, "continuityData")).split())


def _related(continuity: str) -> Iterator[Number | None]:
    for provisional in _PROVISIONAL.finditer(continuity):
        yield number_of("US", Role.priority, provisional[1])
    for parent in _PARENT.finditer(continuity):
        is_pct = parent[2].startswith("PCT")
        yield number_of("WO" if is_pct else parent[1] or "US", Role.pct if is_pct else Role.parent, parent[2])


def _person(name: str) -> str:
    last, _, given = name.partition(";")
    return " ".join(f"{given} {last}".split())


def _parties(record: Mapping[str, Any], who: str, names: str) -> tuple[Party, ...]:
    value = record.get(names)
    found = []
    for at, name in enumerate(value if isinstance(value, list) else [value]):
        if isinstance(name, str) and name.strip() not in _NOTHING:
            country = _beside(record, f"{who}Country", at) or ("US" if _beside(record, f"{who}State", at) else "")
            found.append(Party(_person(name), country if re.fullmatch("[A-Z]{2}", country) else ""))
    return unique(found)


def _ipc(record: Mapping[str, Any]) -> tuple[str, ...]:
    printed = _symbols(record, "intlPubClassificationPrimary", "intlPubClassificationSecondary")
    current = _symbols(record, "curIntlPatentClassificationPrimary", "curIntlPatentClassificationSecondary")
    return printed or current or _symbols(record, "ipcCodeFlattened")


def _symbols(record: Mapping[str, Any], *keys: str) -> tuple[str, ...]:
    written = (one for key in keys for value in _list(record, key) for one in value.split(";"))
    return unique(symbol for one in written if (symbol := ipc_symbol(one)))


def _cites(record: Mapping[str, Any]) -> tuple[str, ...]:
    """``US 6249393 B1 Billings 20010600 …`` since 2005, ``4006340 19770200 Gorinas …`` before."""
    cited = []
    for group in (*_list(record, "usRefGroup"), *_list(record, "foreignRefGroup")):
        words = group.split()
        if len(words) > 1 and re.fullmatch("[A-Z]{2}", words[0]):
            kind = words[2] if len(words) > 2 and re.fullmatch(r"[A-Z]\d?", words[2]) else ""
            cited.append(
                read_number(f"{words[0]} {words[1].removeprefix(words[0] + '-')} {kind}", role=Role.publication)
            )
        elif words and re.fullmatch("[A-Z]{2}", words[-1]) and (number := re.match(r"[\d ]+?(?= \d{8} )", group)):
            cited.append(read_number(number[0].replace(" ", ""), office=words[-1], role=Role.publication))
        elif words:
            cited.append(number_of("US", Role.grant, words[0]))
    return unique(number.compact for number in cited if number is not None)


def _supplied(record: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    keys = (
        ("us_class", "mainClassificationCode"),
        ("primary_examiner", "primaryExaminer"),
        ("assistant_examiner", "assistantExaminer"),
        ("term_extension_days", "termOfExtension"),
        ("other_references", "otherRefPub"),
    )
    found = [(name, " ".join(re.sub("<[^>]*>", " ", text_in(record, key)).split())) for name, key in keys]
    granted = (match[1] or match[2] for match in _PARENT_GRANT.finditer(_continuity(record)))
    found.append(("parent_patents", parent_patents(granted)))
    return tuple((name, value) for name, value in found if value)
