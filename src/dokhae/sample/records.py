"""Records without full text: KIPRIS Plus search answers (both shapes) and a table as analysts export it (cp949).

In: ``Draft``s in Korean.  Out: the bytes of a file.  A record may be of an application whose gazette lies beside it;
some abstracts are cut as the service cuts them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dokhae.sample.compose import Draft
from dokhae.sample.markup import DECLARATION, compact, element, leaves
from dokhae.sample.plan import Plan

_CUT_CHARS, _CUT_MARK = 170, "...(이하생략)"
_COLUMNS = (
    "번호", "발명의명칭", "출원번호", "출원일자", "공개번호", "공개일자", "등록번호", "등록일자",
    "출원인", "발명자", "대리인", "IPC분류", "법적상태", "요약",
)  # fmt: skip
_QUERY = "검색식 : (카메라*모듈)+(기판*회로)+(이차전지*전극)"


def cut(draft: Draft) -> Draft:
    """The draft as the service shows it when the abstract is long; what was cut off is no longer true of it."""
    if len(draft.abstract) <= _CUT_CHARS + len(_CUT_MARK):
        return draft
    kept = draft.abstract[:_CUT_CHARS]
    truth = draft.truth

    def standing(quotes: Iterable[str]) -> tuple[str, ...]:
        return tuple(quote for quote in quotes if quote in kept)

    def answered(question: Mapping[str, Any]) -> bool:
        return not question["answers"] or bool(standing(question["answers"]))

    shorter = replace(
        truth,
        problem=standing(truth.problem),
        solution=standing(truth.solution) or (kept,),
        effect=standing(truth.effect),
        field=standing(truth.field),
        parts=standing(truth.parts),
        quantities=tuple(q for q in truth.quantities if q["quote"] in kept),
        questions=tuple(q for q in truth.questions if answered(q)),
    )
    return replace(draft, abstract=kept + _CUT_MARK, truth=shorter)


def kipris_answer(drafts: Sequence[Draft], *, lower_case: bool) -> bytes:
    """A search answer; lower_case: the ``item`` shape, else ``PatentUtilityInfo``."""
    record = _item if lower_case else _patent_utility_info
    items = element("items", "\n", *(record(n, draft) for n, draft in enumerate(drafts, 1)))
    code = "00" if lower_case else ""
    header = element("header", element("resultCode", code), element("resultMsg", "NORMAL SERVICE." if code else ""))
    return (DECLARATION + element("response", "\n", header, "\n", element("body", "\n", items), "\n") + "\n").encode(
        "utf8"
    )


def _digits(number: str) -> str:
    return number.replace("-", "")


def _grant_digits(plan: Plan) -> str:
    # KIPRIS prints a grant as thirteen digits: number and 0000
    return f"{_digits(plan.grant)}0000" if plan.granted else ""


def _patent_utility_info(order: int, draft: Draft) -> str:
    plan = draft.plan
    pairs = (
        ("Applicant", plan.applicant_name),
        ("ApplicationDate", compact(plan.filed)),
        ("ApplicationNumber", _digits(plan.application)),
        ("Abstract", draft.abstract),
        ("SerialNumber", str(order)),
        ("InventionName", draft.title),
        ("InternationalpatentclassificationNumber", "|".join(plan.ipc)),
        ("OpeningDate", compact(plan.published) if plan.published else ""),
        ("OpeningNumber", _digits(plan.publication)),
        ("PublicNumber", ""),
        ("PublicDate", compact(plan.gazette_day) if plan.granted else ""),
        ("RegistrationDate", compact(plan.granted) if plan.granted else ""),
        ("RegistrationNumber", _grant_digits(plan)),
        ("RegistrationStatus", plan.status),
    )
    return element("PatentUtilityInfo", "\n", leaves(pairs), "\n") + "\n"


def _item(order: int, draft: Draft) -> str:
    plan = draft.plan
    pairs = (
        ("indexNo", str(order)),
        ("registerStatus", plan.status),
        ("inventionTitle", draft.title),
        ("ipcNumber", "|".join(plan.ipc)),
        ("registerNumber", _grant_digits(plan)),
        ("registerDate", compact(plan.granted) if plan.granted else ""),
        ("applicationNumber", _digits(plan.application)),
        ("applicationDate", compact(plan.filed)),
        ("openNumber", _digits(plan.publication)),
        ("openDate", compact(plan.published) if plan.published else ""),
        ("astrtCont", draft.abstract),
        ("applicantName", plan.applicant_name),
    )
    return element("item", "\n", leaves(pairs), "\n") + "\n"


def table(drafts: Sequence[Draft]) -> bytes:
    """A CSV in the encoding Korean spreadsheets write; two lines about the search stand above the header."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_QUERY])
    writer.writerow([f"검색 결과 : {len(drafts)}건"])
    writer.writerow(_COLUMNS)
    for n, draft in enumerate(drafts, 1):
        writer.writerow([str(n), *_row(draft)])
    return out.getvalue().encode("cp949")


def _row(draft: Draft) -> list[str]:
    plan = draft.plan
    days = [f"{day:%Y.%m.%d}" if day else "" for day in (plan.filed, plan.published, plan.granted)]
    granted = plan.grant
    return [
        draft.title, plan.application, days[0], plan.publication, days[1], granted, days[2],
        plan.applicant_name, "|".join(person.ko for person in plan.inventors), plan.agent[0],
        "|".join(plan.ipc), plan.status, draft.abstract,
    ]  # fmt: skip
