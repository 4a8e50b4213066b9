"""Registry: applicants.toml -> which names stand for one applicant, as a person has decided.

In: the file in the study folder.  Out: ``Registry``.  The file belongs to the user: it is made once, as comments, and
never written again; an error in it names file and line.

    [[representative]]
    "Representative name" = ["a name as written", "another"]

    [[apart]]
    names = ["names that are", "not one applicant"]
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from dokhae.errors import InputError
from dokhae.insight.facts import even
from dokhae.types import Party

FILE_NAME = "applicants.toml"
_TEMPLATE = """\
# 출원인 대표명 / Representative names of applicants.
#
# 원문 이름은 그대로 보관됩니다. 여기에 적은 것만 통계와 보고서에서 한 출원인으로 셉니다.
# 제안 보기: dokhae show STUDY applicants        붙여 넣을 형식으로: dokhae show STUDY applicants --toml
#
# Names as written are always kept.  Only what stands here is counted as one applicant.
# Proposals: dokhae show STUDY applicants        ready to paste: dokhae show STUDY applicants --toml
#
# [[representative]]
# "글로벌스탠다드테크놀로지" = ["주식회사 글로벌스탠다드테크놀로지", "Global Standard Technology Co., LTD."]
#
# 같은 출원인이 아닌 이름은 다시 제안하지 않게 적어 둡니다. / Not one applicant, and not to be proposed again:
# [[apart]]
# names = ["삼성전자주식회사", "삼성디스플레이 주식회사"]
"""


@dataclass(frozen=True)
class Registry:
    """representatives: name as written, evened -> representative name.  apart: pairs of names that are never one."""

    representatives: Mapping[str, str] = field(default_factory=dict)
    apart: frozenset[tuple[str, str]] = frozenset()

    def of(self, name: str) -> str | None:
        """The representative name of a name as written; None where the file gives none."""
        return self.representatives.get(even(name))

    def applicants(self, parties: Sequence[Party]) -> tuple[str, ...]:
        """The applicants as they are counted: representative names, else names as written; each once.

        () where the file decides nothing at all.
        """
        if not self.representatives:
            return ()
        names = (even(party.name) for party in parties if party.name.strip())
        return tuple(dict.fromkeys(self.representatives.get(name, name) for name in names))


def load(path: Path) -> Registry:
    """The decisions in ``path``; none where there is no such file.

    Raises InputError ``applicants-unreadable``, ``applicants-wrong`` or ``applicants-twice``.
    """
    if not path.exists():
        return Registry()
    try:
        content = path.read_text("utf-8-sig")  # Windows Notepad may write the mark
    except UnicodeDecodeError as error:
        raise InputError("applicants-unreadable", file=path, reason="it is not saved as UTF-8") from error
    try:
        tables = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise InputError("applicants-unreadable", file=path, reason=error) from error
    place = _Place(path, content)
    return Registry(_representatives(tables, place), _apart(tables, place))


def write_template(path: Path) -> None:
    """The file with nothing but comments; one already there stays as it is."""
    if not path.exists():
        path.write_text(_TEMPLATE, encoding="utf8")


def toml_line(representative: str, names: Sequence[str]) -> str:
    """A decision as the file holds it.

    >>> toml_line('A "B"', ["가", "나"])
    '"A \\\\"B\\\\"" = ["가", "나"]'
    """
    return f"{_quoted(representative)} = [{', '.join(map(_quoted, names))}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class _Place:
    """The file, to say the line something stands in."""

    path: Path
    content: str

    def wrong(self, code: str, near: str, **values: object) -> InputError:
        """An error at the last line that holds ``near``: what is wrong with a name is its second mention."""
        lines = [n for n, line in enumerate(self.content.splitlines(), 1) if near in line and line.strip()[:1] != "#"]
        return InputError(code, file=self.path, line=lines[-1] if lines else 1, **values)


def _representatives(tables: Mapping[str, Any], place: _Place) -> dict[str, str]:
    decided: dict[str, str] = {}
    unknown = next((name for name in tables if name not in ("representative", "apart")), None)
    if unknown is not None:
        raise place.wrong("applicants-wrong", unknown, found=unknown)
    for representative, names in _entries(tables.get("representative", []), place):
        if not representative.strip() or not _is_list_of_names(names):
            raise place.wrong("applicants-wrong", representative, found=representative)
        # the representative name itself is a name of the applicant too, also where no source writes it so
        for name in (representative, *names):
            kept = decided.setdefault(even(name), representative)
            if kept != representative:
                raise place.wrong("applicants-twice", name, name=name, first=kept, second=representative)
    return decided


def _entries(tables: Any, place: _Place) -> Iterator[tuple[str, Any]]:
    """Names and lists of ``[[representative]]`` tables, or of one ``[representative]``."""
    tables = [tables] if isinstance(tables, dict) else tables
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise place.wrong("applicants-wrong", "representative", found="representative")
    for table in tables:
        yield from table.items()


def _apart(tables: Mapping[str, Any], place: _Place) -> frozenset[tuple[str, str]]:
    pairs: set[tuple[str, str]] = set()
    for key, names in _entries(tables.get("apart", []), place):
        if key != "names" or not _is_list_of_names(names):
            raise place.wrong("applicants-wrong", key, found=key)
        pairs.update(combinations(sorted(map(even, names)), 2))
    return frozenset(pairs)


def _is_list_of_names(names: Any) -> bool:
    return isinstance(names, list) and all(isinstance(name, str) and name.strip() for name in names)
