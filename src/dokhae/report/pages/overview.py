"""Overview: the parts of index.html around the table: counts, coverage, checks, rejected files, terms.

In: a ``Report``.  Out: HTML, every name and message escaped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from dokhae.insight import Card, Unit
from dokhae.messages import in_general
from dokhae.report import spell
from dokhae.report.labels import has_label, label, labels
from dokhae.report.pages.markup import both, filled, h, say
from dokhae.report.survey import Report
from dokhae.types import AnswerStatus, ReadFrom, Rejected

REJECTED_SHOWN = 200


def card(report: Report) -> str:
    """The tiles: files -> documents - rejected - duplicates = publications, applications."""
    counts = report.survey.insight.card
    n_rejected = sum(counts.rejected.values())
    tiles = (
        ("files", counts.files, ""),
        ("documents", counts.documents, ""),
        ("rejected", n_rejected, "−"),
        ("duplicates", counts.duplicates, "−"),
        ("publications", counts.publications, "="),
        ("applications", counts.applications, ""),
        ("families", counts.families if report.settings.by is Unit.family else None, ""),
        ("near_duplicates", counts.near_duplicates or None, ""),
    )
    return "".join(_tile(name, n, sign, report.lang) for name, n, sign in tiles if n is not None)


def coverage(report: Report) -> str:
    """Of every field, how many publications answer it, do not, or could not."""
    counts = report.survey.insight.card
    rows = []
    for field in report.survey.fields:
        by_status = counts.answers.get(field.id, {})
        total = sum(by_status.values())
        if not total:
            continue
        bars = "".join(_bar(status, by_status[status]) for status in AnswerStatus if by_status.get(status))
        answered = by_status.get(AnswerStatus.answered, 0)
        share = f"{answered:,} <small>{answered / total:.0%}</small>"
        rows.append(
            f'{both(field.label, report.lang, tag="dt")}<dd><div class="bar">{bars}</div><span>{share}</span></dd>'
        )
    seen = [status for status in AnswerStatus if any(status in by for by in counts.answers.values())]
    legend = "".join(f'<li><i class="s-{s}"></i>{say(f"status.{s}", report.lang)}</li>' for s in seen)
    return f'<dl class="coverage">{"".join(rows)}</dl><ul class="legend">{legend}</ul>' if rows else ""


def tallies(report: Report) -> str:
    """Languages, and how much of each patent its source holds."""
    counts: Card = report.survey.insight.card
    languages = {f"lang.{name or 'unknown'}": n for name, n in counts.languages.items()}
    sources = {f"read_from.{ReadFrom(name).name}": n for name, n in counts.read_from.items()}
    return _tally("ui.by_language", languages, report.lang) + _tally("ui.by_source", sources, report.lang)


def checks(report: Report) -> str:
    """What a person should look at, one line a reason; a click filters the table."""
    counts = report.survey.insight.card.checks
    if not counts:
        return say("ui.no_checks", report.lang, tag="p", class_="empty")
    items = "".join(_reason(code, n, report.lang) for code, n in counts.items())
    return f'<ul class="reasons">{items}</ul>'


def rejected(report: Report) -> str:
    """Rejected files by reason, each with its message; of many files the first ones."""
    by_code: dict[str, list[Rejected]] = defaultdict(list)
    for one in report.settings.rejected:
        by_code[one.code].append(one)
    if not by_code:
        return say("ui.no_rejected", report.lang, tag="p", class_="empty")
    return "".join(
        _group(code, ones, report.lang) for code, ones in sorted(by_code.items(), key=lambda item: -len(item[1]))
    )


def terms(report: Report) -> str:
    """What the words and figures of the report mean."""
    lang, settings = report.lang, report.settings
    unit_rule = f"{say(f'unit.{settings.by}', lang)}: {say(f'rule.unit_{settings.by}', lang)}"
    if settings.by is Unit.family:
        unit_rule += " " + say(f"rule.family_{settings.family}", lang)
    pairs = [
        (say("ui.unit", lang), unit_rule),
        (say("ui.unpublished", lang), say("rule.unpublished", lang)),
        (say("ui.answers", lang), say("rule.quote", lang)),
        (say("ui.score", lang), say("ui.score_note", lang)),
        ("CSV", say("rule.csv", lang)),
    ]
    statuses = (name for name in labels()["status"] if name != "answered")
    pairs += [(say(f"status.{name}", lang), say(f"status_note.{name}", lang)) for name in statuses]
    questions = [(both(f.label, lang), both(f.wording, lang)) for f in report.survey.fields]
    return f"<dl>{''.join(f'<dt>{term}</dt><dd>{meaning}</dd>' for term, meaning in pairs + questions)}</dl>"


def _group(code: str, ones: Sequence[Rejected], lang: str) -> str:
    files = "".join(_rejected_item(one, lang) for one in ones[:REJECTED_SHOWN])
    rest = len(ones) - REJECTED_SHOWN
    more = filled("ui.in_sheet", lang, tag="p", n=f"{rest:,}") if rest > 0 else ""
    opened = " open" if len(ones) <= 5 else ""
    summary = f"<summary><b>{len(ones):,}</b> <code>{h(code)}</code></summary>"
    return f'<details class="rejected"{opened}>{summary}<ul>{files}</ul>{more}</details>'


def _rejected_item(one: Rejected, lang: str) -> str:
    message = both(lambda spoken: spell.rejection_text(one, spoken), lang, tag="p")
    return f'<li><b title="{h(one.source)}">{h(spell.source_name(one.source))}</b>{message}</li>'


def _reason(code: str, n: int, lang: str) -> str:
    said = both(lambda spoken: _check_in_general(code, spoken), lang)
    return f'<li><button data-check="{h(code)}"><b>{n:,}</b> {said} <code>{h(code)}</code></button></li>'


def _check_in_general(code: str, lang: str) -> str:
    """The sentence for a check, its values left open: it stands for many patents."""
    if has_label(f"check.{code}"):
        return label(f"check.{code}", lang)
    return in_general(code, lang)


def _tile(name: str, n: int, sign: str, lang: str) -> str:
    zero = "" if n else " zero"
    return f'<div class="tile t-{name}{zero}"><b>{sign}{n:,}</b>{say(f"card.{name}", lang)}</div>'


def _bar(status: AnswerStatus, n: int) -> str:
    return f'<i class="s-{status}" style="flex:{n}" data-title="status.{status}" data-count="{n:,}"></i>'


def _tally(title: str, counts: Mapping[str, int], lang: str) -> str:
    items = "".join(f"<li>{say(key, lang)} <b>{n:,}</b></li>" for key, n in counts.items())
    return f'<div class="tally">{say(title, lang, tag="h3")}<ul>{items}</ul></div>'
