"""JSON lines: one object a publication, exact, in the shape the reading scorer takes.

In: rows.  Out: lines of UTF-8 JSON; offsets are code points of ``text``.  Never shortens, never loads a text unless
claims or the text itself are asked of it.

    {"source": "KR-10-2013-0094992.pdf", "sources": [...], "number": "KR101314187B1", "numbers": [...],
     "digest": "...", "lang": "ko", "read_from": "full text", "status": {"problem": "answered"},
     "answers": {"problem": [{"quote", "start", "end", "score", "place"}]}, "quantities": [],
     "claims": [{"n": 1, "depends_on": []}], "text": "..." (only with_text)}

What people said stands under "reviews" where they said anything: {"effect": {"verdict", "by", "at", "standing"}}, and
"answers" are as they left them.  Answers are listed best first, the runner-ups after them; "not stated" is an empty
list, and "status" says which kind of empty.  Deleted claims are left out.
"""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import Any, TextIO

from dokhae.insight import Row
from dokhae.library import Patent
from dokhae.library.reviews import Review
from dokhae.report.spell import clean, file_name
from dokhae.report.survey import Report
from dokhae.screening import codes_of, paths_of, rule_of
from dokhae.types import Answer, AnswerStatus, Source, Text


def write(report: Report, out: TextIO, *, with_text: bool = False) -> int:
    """Writes a line for each thing that counts (every publication, unless asked for less); returns how many."""
    n = 0
    for row in report.counted_rows():
        out.write(line(row, with_text=with_text))
        n += 1
    return n


def line(row: Row, *, with_text: bool = False) -> str:
    return json.dumps(record(row, with_text=with_text), ensure_ascii=False, separators=(",", ":")) + "\n"


def record(row: Row, *, with_text: bool = False) -> dict[str, Any]:
    patent, text = row.patent, row.read_text()
    own = patent.number.compact if patent.number else None
    shown: dict[str, Any] = {
        "source": name_of(patent.sources[0], patent) if patent.sources else own or patent.text,
        "sources": [name_of(source, patent) for source in patent.sources],
        "number": own,
        "numbers": list(dict.fromkeys(n.compact for n in patent.numbers if n.compact != own)),
        "digest": patent.text,
        "lang": patent.lang,
        "read_from": str(patent.read_from),
        "status": {name: str(answer.status) for name, answer in row.answers.items()},
        "answers": {name: _quotes(answer) for name, answer in row.answers.items()},
        "quantities": [],
        "claims": _claims(text),
    }
    values = {name: answer.value for name, answer in row.answers.items() if answer.value and answer.best}
    shown |= {"values": values} if values else {}
    reviews = {"reviews": {name: _review(one) for name, one in row.reviews.items()}} if row.reviews else {}
    return shown | reviews | _decisions(row) | ({"text": text.text} if with_text and text else {})


def name_of(source: Source, patent: Patent) -> str:
    """The name of the file or member a patent came from; of the second and later ones of a file with its number.

    Stems tell patents apart: ``grants.xml`` holds ``grants.xml``, ``grants#US7654321B2.xml`` ...
    """
    name = PurePath(file_name(source.member or source.path))
    if name.suffix == ".gz":
        name = name.with_suffix("")
    if not source.item:
        return clean(name.name)
    which = patent.number.compact if patent.number else str(source.item + 1)
    return clean(f"{name.stem}#{which}{name.suffix}")


def _quotes(answer: Answer) -> list[dict[str, Any]]:
    if answer.status is not AnswerStatus.answered:
        return []
    return [
        {
            "quote": candidate.evidence.quote,
            "start": candidate.evidence.span.start,
            "end": candidate.evidence.span.end,
            "score": round(candidate.score, 4),
            "place": candidate.evidence.place,
        }
        for candidate in answer.candidates
    ]


def _review(review: Review) -> dict[str, str]:
    return {"verdict": str(review.verdict), "by": review.by, "at": review.at, "standing": review.standing or "here"}


def _decisions(row: Row) -> dict[str, Any]:
    """The verdict with its rule and the classes, each with its quotes; nothing where nobody screened or classed."""
    made: dict[str, Any] = {}
    if row.verdict is not None:
        made |= {"verdict": row.verdict.value, "rule": rule_of(row.verdict), "verdict_quotes": _quotes(row.verdict)}
    if row.classes is not None:
        paths, codes = list(paths_of(row.classes)), list(codes_of(row.classes))
        made |= {"classes": paths, "class_codes": codes, "class_quotes": _quotes(row.classes)}
    return made


def _claims(text: Text | None) -> list[dict[str, Any]]:
    claims = text.claims if text else ()
    return [{"n": claim.number, "depends_on": list(claim.depends_on)} for claim in claims if not claim.deleted]
