"""Commands that ask a study: ask, search, show, claims."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields as dataclass_fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dokhae.apps import explaining, output, questions, relating
from dokhae.apps.applicants import show_applicants
from dokhae.apps.clicking import Command, Words, by_option, command, form_options, option, study
from dokhae.apps.everything import ask_all, forget_column, wrong_together
from dokhae.apps.listing import list_rows, show_quotes
from dokhae.apps.output import Form, Row
from dokhae.apps.progress import Progress
from dokhae.apps.reviewing import how_sure
from dokhae.apps.running import show_runs
from dokhae.apps.screening import decision_rows
from dokhae.apps.stdin import text_or_stdin

if TYPE_CHECKING:
    from dokhae.library import Patent
    from dokhae.study import Explanation, Match, Reply, Shown, Study
    from dokhae.types import Answer


def commands(words: Words) -> list[Command]:
    return [_ask(words), _search(words), _show(words), _claims(words)]


def _ask(words: Words) -> Command:
    @command(
        "ask",
        words,
        study(words),
        click.argument("question", required=False, metavar="QUESTION"),
        option(words, "--of", metavar="NUMBER"),
        option(words, "--all", "everything", is_flag=True),
        option(words, "--name", metavar="COLUMN"),
        option(words, "--choice", metavar="A,B,…"),
        option(words, "--number", is_flag=True),
        option(words, "--yes-no", is_flag=True),
        option(words, "--forget", code="option-forget-column", metavar="COLUMN"),
        option(words, "--quiet", "-q", is_flag=True),
        option(words, "--limit", type=click.IntRange(min=1), default=10, metavar="N"),
        option(words, "--questions", type=click.Path(dir_okay=False), metavar="FILE"),
        option(words, "--jsonl", is_flag=True),
        option(words, "--why", is_flag=True),
        form_options(words),
    )
    def ask(study: str, question: str | None, of: str | None, limit: int, **given: Any) -> int:
        from dokhae.study import Study

        form: Form | None = given["form"]
        wrong = wrong_together(question, of, given)
        if wrong:
            raise click.UsageError(words(wrong), click.get_current_context())
        if given["forget"] is not None:
            return forget_column(study, given["forget"], words)
        if question is None and given["questions"] is None:
            context = click.get_current_context()
            asking = next(param for param in context.command.params if param.name == "question")
            raise click.MissingParameter(ctx=context, param=asking)
        with Study.open(study) as opened:
            if given["everything"]:
                asked = text_or_stdin(question or "")
                return ask_all(opened, asked, words, {**given, "limit": limit})
            if given["questions"] is not None:
                _answer_file(opened, given["questions"], form, words)
                return 0
            asked = text_or_stdin(question or "")
            if of is not None and given["why"]:
                _show_why_of(opened.why(asked, of), form, words, jsonl=given["jsonl"])
                return 0
            replies = opened.ask_best(asked, limit=limit) if of is None else (opened.reply(asked, of),)
        if given["jsonl"] or form is not None:
            rows = [_answer_row(reply.patent, reply.answer, why=given["why"]) for reply in replies]
            columns = (*_ANSWER_COLUMNS, "why") if given["why"] else _ANSWER_COLUMNS
            _write_rows(rows, columns, form, words)
            return 0
        _show_replies(replies, words, why=given["why"])
        return 0

    return ask


_NO_PATENTS = ("card", "families", "duplicates", "rejected", "applicants", "settings", "runs")
_FIELD_COLUMNS = ("number", "field", "status", "value", "quote", "place", "score", "reviewer")
_ANSWER_COLUMNS = ("number", "title", "status", "quote", "place", "score", "reviewer")


def _show_why_of(found: Explanation, form: Form | None, words: Words, *, jsonl: bool) -> None:
    """One patent's answer with all that led to it."""
    if jsonl or form is not None:
        row = {**_answer_row(found.patent, found.answer, why=True), **explaining.explanation_row(found)}
        _write_rows([row], (*_ANSWER_COLUMNS, "why", *explaining.COLUMNS), form, words)
        return
    status = "" if found.answer.best else output.head(found.answer.status.value, words.lang) + "; "
    heading = f"{_heading(found.patent)}  ({status}{_how_sure(found.answer, words)})"
    show_quotes(heading, _quotes(found.answer, words))
    explaining.show_explanation(found, words)


def _write_rows(rows: Sequence[Row], columns: Sequence[str], form: Form | None, words: Words) -> None:
    """As a list, or a JSON line each where no form was chosen."""
    if form is not None:
        list_rows(rows, columns, form, words)
        return
    for row in rows:
        click.echo(json.dumps({name: row.get(name) for name in columns}, ensure_ascii=False, default=str))


def _answer_file(opened: Study, name: str, form: Form | None, words: Words) -> None:
    """The questions of a file, a JSON line each, or as a list where a form was chosen."""
    asked = questions.questions_of(Path(name))
    if form is not None:
        columns = ("qid", "number", "status", "quote", "place", "score", "error")
        list_rows(questions.answers(opened, asked), columns, form, words)
        return
    n_failed = 0
    with Progress("ask", words.lang, quiet=False) as progress:
        for at, line in enumerate(questions.answers(opened, asked), 1):
            click.echo(json.dumps(line, ensure_ascii=False))
            n_failed += "error" in line
            progress(at, len(asked))
    if n_failed:
        click.echo(words("said-questions-failed", count=n_failed, total=len(asked)), err=True)


def _search(words: Words) -> Command:
    @command(
        "search",
        words,
        study(words),
        click.argument("query"),
        option(words, "--limit", type=click.IntRange(min=1), default=20, metavar="N"),
        form_options(words),
    )
    def search(study: str, query: str, limit: int, form: Form | None) -> None:
        from dokhae.study import Study

        with Study.open(study) as opened:
            found = opened.search(text_or_stdin(query), limit=limit)
        if form is None:
            for match in found.best:
                show_quotes(_heading(match.patent), [("", match.snippet.text)] if match.snippet else [])
        else:
            rows = [_match_row(match) for match in found.best]
            list_rows(rows, ("number", "title", "applicant", "filed", "score", "field", "snippet"), form, words)
        for warning in found.warnings:
            click.echo(words(warning.code, **dict(warning.values)), err=True)
        click.echo(words("said-found", shown=len(found.best), total=f"{found.total:,}", query=found.read_as), err=True)

    return search


def _show(words: Words) -> Command:
    @command(
        "show",
        words,
        study(words),
        click.argument("what", default="card"),
        option(words, "--toml", code="option-toml-applicants", is_flag=True),
        option(words, "--why", code="option-why-fields", is_flag=True),
        option(words, "--field", code="option-field-why", multiple=True, metavar="FIELD"),
        by_option(words),
        form_options(words),
    )
    def show(study: str, what: str, by: str | None, form: Form | None, **given: Any) -> None:
        from dokhae.study import Study

        if (given["why"] and what in _NO_PATENTS) or (given["field"] and not given["why"]):
            raise click.UsageError(words("wanted-why-number"), click.get_current_context())
        with Study.open(study) as opened:
            match what:
                case "card":
                    rows = _card_rows(opened, by)
                    if form in (None, Form.table):
                        rows = _with_labels(rows, opened, words)
                    list_rows(rows, _CARD_COLUMNS, form, words, worded=_CARD_COLUMNS)
                case "families":
                    list_rows(relating.family_rows(opened), relating.FAMILY_COLUMNS, form, words)
                    click.echo(words(f"said-family-{opened.config.report.family}"), err=True)
                case "duplicates":
                    with Progress("duplicates", words.lang, quiet=form not in (None, Form.table)) as progress:
                        found = opened.duplicates(progress=progress)
                    list_rows(relating.duplicate_rows(found, words), relating.DUPLICATE_COLUMNS, form, words)
                case "rejected":
                    list_rows(_rejected_rows(opened, words), ("source", "stage", "code", "message"), form, words)
                case "applicants":
                    show_applicants(opened.applicants(), form, words, toml=given["toml"])
                case "settings":
                    rows = ({"name": s.name, "value": s.value, "origin": s.origin} for s in opened.settings())
                    list_rows(rows, ("name", "value", "origin"), form, words, worded=("value", "origin"))
                case "runs":
                    show_runs(opened.runs(), form, words)
                case _ if given["why"]:
                    _show_why_fields(opened, what, given["field"], form, words)
                case _:
                    _show_patent(opened, what, form, words)

    return show


def _show_why_fields(opened: Study, number: str, fields: Sequence[str], form: Form | None, words: Words) -> None:
    """Why a patent has its answers, field by field as each is explained."""
    found = opened.why_fields(number, fields)
    if form is not None:
        rows = ({**_answer_row(one.patent, one.answer, why=True), **explaining.explanation_row(one)} for one in found)
        list_rows(rows, (*_FIELD_COLUMNS, "why", *explaining.COLUMNS), form, words)
        return
    for n, one in enumerate(found):
        if n == 0:
            click.echo(_heading(one.patent) + "\n")
        status = output.head(one.answer.status.value, words.lang)
        label = one.field.label(words.lang) if one.field else one.answer.field
        show_quotes(f"{label}  ({status})", _quotes(one.answer, words, many=bool(one.field and one.field.is_many)))
        explaining.show_explanation(one, words)
        click.echo()


def _claims(words: Words) -> Command:
    @command("claims", words, study(words), click.argument("number"), form_options(words))
    def claims(study: str, number: str, form: Form | None) -> None:
        from dokhae.study import Study

        with Study.open(study) as opened:
            rows = [
                {
                    "claim": item.claim.number,
                    "form": item.claim.form.value,
                    "category": item.claim.category.value,
                    "depends_on": item.claim.depends_on,
                    "deleted": item.claim.deleted,
                    "text": item.text,
                }
                for item in opened.claims(number)
            ]
        columns = ("claim", "form", "category", "depends_on", "deleted", "text")
        list_rows(rows, columns, form, words, worded=("form", "category", "deleted"))

    return claims


def _show_replies(replies: Sequence[Reply], words: Words, *, why: bool) -> None:
    """The replies that answer, each with its words; of the others, how many there are."""
    answering = [reply for reply in replies if reply.evidence is not None]
    for reply in answering:
        show_quotes(f"{_heading(reply.patent)}  ({_how_sure(reply.answer, words)})", _quotes(reply.answer, words))
        if why:
            _show_why(reply.answer, words)
    silent = [reply for reply in replies if reply.evidence is None]
    for reply in silent if why else ():
        status = output.head(reply.answer.status.value, words.lang)
        click.echo(f"{_heading(reply.patent)}  ({status}; {_how_sure(reply.answer, words)})")
        _show_why(reply.answer, words)
    if silent:
        click.echo(words("said-silent", count=len(silent)), err=True)
    if not replies:
        click.echo(words("said-nothing-found"), err=True)


def _how_sure(answer: Answer, words: Words) -> str:
    if answer.reviewer is not None:
        return words("said-review-name", by=answer.reviewer)
    return how_sure(answer.score, answer.made_by, words)


def _show_why(answer: Answer, words: Words) -> None:
    """What made the score of each candidate, the first ones too, so that what was not chosen can be seen."""
    for candidate in answer.candidates:
        click.echo(f"      {candidate.score:.2f}  {' '.join(candidate.evidence.quote.split())}")
        click.echo(f"            {candidate.evidence.place}: {explaining.parts_of(candidate.reasons, words)}")
    if answer.candidates:
        click.echo(f"      [{answer.made_by}]")


def _show_patent(opened: Study, number: str, form: Form | None, words: Words) -> None:
    from dokhae.report.spell import value_of

    shown = opened.show(number)
    fields = {field.id: field for field in opened.fields()}
    many = {id_ for id_, field in fields.items() if field.is_many}
    if form is not None:
        rows = [_answer_row(shown.patent, answer, many=answer.field in many) for answer in shown.answers]
        list_rows(rows, _FIELD_COLUMNS, form, words)
        return
    for name, value in _particulars(shown.patent, words):
        click.echo(f"{output.head(name, words.lang)}: {value}")
    for name, value in relating.particulars(shown.relations, words):
        click.echo(f"{output.head(name, words.lang)}: {value}")
    for answer in shown.answers:
        label = fields[answer.field].label(words.lang) if answer.field in fields else answer.field
        status = output.head(answer.status.value, words.lang) + _said_of(shown, answer.field, words)
        value = value_of(answer, words.lang)
        told = f"{label}: {value}" if value else label
        show_quotes(f"\n{told}  ({status})", _quotes(answer, words, many=answer.field in many))
    for field in shown.reviews.keys() - {answer.field for answer in shown.answers}:
        click.echo(f"\n{fields[field].label(words.lang) if field in fields else field}{_said_of(shown, field, words)}")
    for decided in (shown.verdict, shown.classes):
        if decided is not None:
            show_quotes(f"\n{_decision(decided, words)}", _quotes(decided, words, many=True))
    if not shown.answers:
        click.echo("\n" + _why_unread(shown, words))


def _said_of(shown: Shown, field: str, words: Words) -> str:
    """Who reviewed an answer and what became of that, "" where nobody did."""
    from dokhae.report.spell import verdict

    review = shown.reviews.get(field)
    return f"; {words('said-reviewed-by', by=review.by, verdict=verdict(review, words.lang))}" if review else ""


def _decision(answer: Answer, words: Words) -> str:
    """A verdict with its rule, or the classes, as a heading."""
    from dokhae.screening import SCREEN, paths_of, rule_of

    if not answer.field.startswith(SCREEN):
        return f"{words('word-class')}: {'; '.join(paths_of(answer)) or words('word-unclassed')}"
    verdict = output.word(answer.value, words.lang)
    return f"{output.head('verdict', words.lang)}: {verdict}  ({words('word-rule')} {rule_of(answer)})"


def _why_unread(shown: Shown, words: Words) -> str:
    from dokhae.study import name_of

    if shown.patent.is_representative:
        return words("said-unread")
    return words("said-read-elsewhere", number=name_of(shown.representative))


def _heading(patent: Patent) -> str:
    from dokhae.study import name_of

    return f"{name_of(patent)}  {patent.biblio.title}"


def _quotes(answer: Answer, words: Words, *, many: bool = False) -> list[tuple[str, str]]:
    from dokhae.report.spell import place_of, quotes

    return [(place_of(piece, words.lang), piece.quote) for piece in quotes(answer, many=many)]


def _match_row(match: Match) -> Row:
    snippet = match.snippet
    found = {"field": snippet.field, "snippet": snippet.text} if snippet else {}
    return {**_heads(match.patent), "score": match.score, **found}


def _particulars(patent: Patent, words: Words) -> Iterator[tuple[str, str]]:
    """What heads the page of a patent; what the source does not give is left out."""
    heads = _heads(patent)
    particulars = {
        "number": heads["number"],
        "title": heads["title"],
        "applicant": "; ".join(party.name for party in patent.biblio.applicants),
        "filed": patent.biblio.application_date,
        "numbers": "; ".join(f"{n.compact} ({output.word(n.role.value, words.lang)})" for n in patent.numbers),
        "ipc": "; ".join(patent.biblio.ipc),
        "status": relating.statuses_of(patent),
        "claims": f"{patent.n_claims} ({patent.n_independent})" if patent.n_claims else "",
        "read_from": output.word(patent.read_from.value, words.lang),
        "source": "; ".join(map(str, patent.sources)),
        "defects": " ".join(words(defect.code, **dict(defect.values)) for defect in patent.defects),
    }
    return ((name, str(value)) for name, value in particulars.items() if value)


# What each figure of the card counts; the others count what was asked for (--by)
_UNITS = {
    "files": "file", "documents": "document", "rejected": "document", "duplicates": "document",
    "publications": "publication", "applications": "application", "families": "family",
    "near_duplicates": "publication",
}  # fmt: skip


_APART = ("answers", "unit", "verdicts", "rules", "classes")
_CARD_COLUMNS = ("name", "value", "unit")


def _card_rows(opened: Study, by: str | None) -> Iterator[Row]:
    card = opened.card(by=by)
    for part in dataclass_fields(card):
        value = getattr(card, part.name)
        if part.name not in _APART and value is not None:
            yield {"name": part.name, "value": value, "unit": _UNITS.get(part.name, card.unit.value)}
    for field, by_status in card.answers.items():
        yield {"name": f"answers {field}", "value": by_status, "unit": card.unit.value}
    yield from decision_rows(card)


def _with_labels(rows: Iterable[Row], opened: Study, words: Words) -> Iterator[Row]:
    """The rows of the card with the fields named as people name them."""
    labels = {f"answers {field.id}": f"{words('word-answers')} {field.label(words.lang)}" for field in opened.fields()}
    for row in rows:
        yield {**row, "name": labels.get(row["name"], row["name"])}


def _answer_row(patent: Patent, answer: Answer, *, many: bool = False, why: bool = False) -> Row:
    from dokhae.report.spell import quotes

    evidence = quotes(answer, many=many)
    reasons = dict(answer.candidates[0].reasons) if why and answer.candidates else {}
    return {
        **_heads(patent),
        "field": answer.field,
        "status": answer.status.value,
        "value": answer.value if evidence else None,
        "quote": tuple(piece.quote for piece in evidence),
        "place": tuple(piece.place for piece in evidence),
        "score": answer.score if evidence else None,
        "reviewer": answer.reviewer,
        "why": reasons,
    }


def _heads(patent: Patent) -> dict[str, object]:
    from dokhae.study import name_of

    return {
        "number": name_of(patent),
        "title": patent.biblio.title,
        "applicant": tuple(party.name for party in patent.biblio.applicants),
        "filed": patent.biblio.application_date,
    }


def _rejected_rows(opened: Study, words: Words) -> Iterable[Row]:
    for rejected in opened.rejected():
        message = words(rejected.code, **dict(rejected.values))
        yield {"source": str(rejected.source), "stage": rejected.stage, "code": rejected.code, "message": message}
