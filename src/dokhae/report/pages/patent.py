"""Patent: one patent as HTML: bibliography, answers, and its text with the evidence marked in its place.

In: a ``Row`` and the fields asked.  Out: an HTML fragment, everything of the patent escaped.  A browser is sent what
stands before, in and after a mark, never offsets; where evidences overlap, each stretch knows all it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from itertools import pairwise

from dokhae.insight import Row, checks_of
from dokhae.library import Patent
from dokhae.reading.fields import Field
from dokhae.reading.learned import Learned, shipped
from dokhae.report import spell
from dokhae.report.columns import Column, View
from dokhae.report.labels import LANGS
from dokhae.report.pages.blocks import Block, Stretch, stretches
from dokhae.report.pages.markup import both, filled, h, say
from dokhae.report.pages.why import why
from dokhae.types import Answer, AnswerStatus, Candidate, ClaimForm, Section, SectionKind, Span, Text

COLOURS = 8
_ALWAYS_SHOWN = (SectionKind.title, SectionKind.abstract)


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch that answers.  field: ordinal of the field; n: ordinal of the evidence within its answer."""

    span: Span
    field: int
    n: int

    @property
    def anchor(self) -> str:
        return f"e{self.field}-{self.n}"


@dataclass(frozen=True)
class PatentPage:
    """Renders patents.  biblio: columns shown as bibliography.  full: the whole text, or what is around evidence.

    judged: whose thresholds the answers met.
    """

    fields: Sequence[Field]
    biblio: Sequence[Column]
    lang: str
    full: bool = True
    judged: Learned = dataclass_field(default_factory=shipped)

    def html(self, row: Row) -> str:
        answers = "".join(self._answer(i, field, row) for i, field in enumerate(self.fields))
        return (
            f"{self._head(row.patent)}{self._checks(row)}"
            f'<section class="answers">{answers}</section>'
            f"{self._biblio(row)}{self._text(row, self._marks(row))}"
        )

    def _head(self, patent: Patent) -> str:
        title = patent.biblio.title or spell.document_number(patent)
        others = "".join(f'<p class="othertitle" lang="{h(lang)}">{h(t)}</p>' for lang, t in patent.biblio.titles[1:])
        number = h(spell.document_number(patent))
        return f'<header class="patenthead"><p class="number">{number}</p><h1>{h(title)}</h1>{others}</header>'

    def _checks(self, row: Row) -> str:
        codes = checks_of(row)
        if not codes:
            return ""
        items = "".join(
            both(lambda lang, code=code: spell.check_text(code, row.patent, lang), self.lang, tag="li")  # type: ignore[misc]
            for code in codes
        )
        return f'<aside class="checks">{say("ui.defects", self.lang, tag="b")}<ul>{items}</ul></aside>'

    def _answer(self, i: int, field: Field, row: Row) -> str:
        answer = row.answers.get(field.id)
        many = field.is_many
        shown = spell.quotes(answer, many=many)
        status = spell.status_of(answer, row.patent)
        name = both(field.label, self.lang, tag="h2")
        given = answer.candidates[: len(shown)] if answer else ()
        body = "".join(self._quote(i, n, candidate, answer) for n, candidate in enumerate(given) if answer)
        if not shown:
            value = h(answer.value) if answer and answer.status is AnswerStatus.answered and answer.value else ""
            body = value or self._silence(status) + self._reviewer(answer)
        elif field.is_valued and spell.value_of(answer, self.lang):
            body = both(lambda lang: spell.value_of(answer, lang), self.lang, tag="b") + body
        return (
            f'<article class="answer f{i % COLOURS} s-{h(status)}{" many" if many else ""}">{name}<div>{body}</div>'
            f"{self._runners_up(answer, len(shown))}{why(field, answer, self.judged, self.lang)}</article>"
        )

    def _reviewer(self, answer: Answer | None) -> str:
        """Who says that there is nothing to show."""
        if answer is None or answer.reviewer is None:
            return ""
        return f"<p><small>{say('ui.reviewed', self.lang)} {h(answer.reviewer)}</small></p>"

    def _silence(self, status: str) -> str:
        note = say(f"status_note.{status}", self.lang, tag="small")
        return f'<p class="silence">{say(f"status.{status}", self.lang, tag="b")} {note}</p>'

    def _quote(self, i: int, n: int, candidate: Candidate, answer: Answer) -> str:
        link = f'<a class="place" href="#e{i}-{n}" data-goto="e{i}-{n}">{self._place(candidate)}</a>'
        quote = h(candidate.evidence.quote)
        return f"<blockquote><q>{quote}</q> <cite>{link} {self._score(candidate, answer)}</cite></blockquote>"

    def _place(self, candidate: Candidate) -> str:
        return both(lambda lang: spell.place_of(candidate.evidence, lang), self.lang)

    def _score(self, candidate: Candidate, answer: Answer) -> str:
        if answer.reviewer is not None:
            return f'<span class="score">{say("ui.reviewed", self.lang)} {h(answer.reviewer)}</span>'
        honest = f" {say('ui.uncalibrated', self.lang)}" if spell.is_uncalibrated(answer) else ""
        return f'<span class="score" data-title="ui.score_note">{candidate.score:.2f}{honest}</span>'

    def _runners_up(self, answer: Answer | None, shown: int) -> str:
        """Up to three candidates that were not taken, for a person who doubts the answer."""
        rest = answer.candidates[shown : shown + 3] if answer and shown else ()
        if answer is None or not rest:
            return ""
        items = "".join(
            f"<li><q>{h(c.evidence.quote)}</q> <cite>{self._place(c)} {self._score(c, answer)}</cite></li>"
            for c in rest
        )
        summary = filled("ui.other_candidates", self.lang, tag="summary", n=len(rest))
        return f"<details>{summary}<ul>{items}</ul></details>"

    def _biblio(self, row: Row) -> str:
        korean, english = View(row, "ko"), View(row, "en")
        pairs = []
        for column in self.biblio:
            ko, en = column.value(korean), column.value(english)
            if ko in (None, ""):
                continue
            shown = h(_plain(ko)) if ko == en else both({"ko": _plain(ko), "en": _plain(en)}.__getitem__, self.lang)
            pairs.append(f"<div>{say(f'column.{column.id}', self.lang, tag='dt')}<dd>{shown}</dd></div>")
        return f'<section class="biblio">{say("ui.biblio", self.lang, tag="h2")}<dl>{"".join(pairs)}</dl></section>'

    def _marks(self, row: Row) -> list[Mark]:
        """What is highlighted: the evidence of the answers that stands in this text."""
        marks = []
        for i, field in enumerate(self.fields):
            found = spell.quotes(row.answers.get(field.id), many=field.is_many)
            marks += [Mark(e.span, i, n) for n, e in enumerate(found) if e.text == row.patent.text and e.span]
        return marks

    def _text(self, row: Row, marks: Sequence[Mark]) -> str:
        text = row.read_text()
        if text is None or not text.text.strip():
            return say("ui.no_text", self.lang, tag="p")
        note = "" if self.full else say("ui.text_cut", self.lang, tag="p", class_="note")
        parts = "".join(self._stretch(text, stretch, marks) for stretch in stretches(text))
        return (
            f'<section class="text" lang="{h(text.lang)}">{say("ui.text", self.lang, tag="h2")}{note}{parts}</section>'
        )

    def _stretch(self, text: Text, stretch: Stretch, marks: Sequence[Mark]) -> str:
        section = stretch.section
        whole = Span(stretch.blocks[0].span.start, stretch.blocks[-1].span.end) if stretch.blocks else Span(0, 0)
        blocks = "".join(self._blocks(text, stretch, [mark for mark in marks if mark.span.overlaps(whole)]))
        if section is None or not blocks:
            return blocks and f'<div class="outside">{blocks}</div>'
        lang = f' lang="{h(section.lang)}"' if section.lang and section.lang != text.lang else ""
        return f'<section class="k-{h(section.kind)}"{lang}><h3>{self._heading(section)}</h3>{blocks}</section>'

    def _heading(self, section: Section) -> str:
        """The heading as printed, and beside it what we take it for, unless it says just that."""
        names = {spell.section_label(section.kind, lang).casefold() for lang in LANGS}
        if not section.heading:
            return say(f"section.{section.kind}", self.lang)
        printed = h(section.heading)
        if section.heading.casefold() in names:
            return printed
        return f"{printed} {say(f'section.{section.kind}', self.lang, tag='small')}"

    def _blocks(self, text: Text, stretch: Stretch, marks: Sequence[Mark]) -> Iterator[str]:
        kept = self._kept(stretch, marks)
        left_out = 0
        for block, keep in zip(stretch.blocks, kept, strict=True):
            if not keep:
                left_out += 1
                continue
            if left_out:
                yield self._gap(left_out)
            left_out = 0
            yield self._block(text, block, marks)
        if left_out and any(kept):
            yield self._gap(left_out)

    def _kept(self, stretch: Stretch, marks: Sequence[Mark]) -> list[bool]:
        """Whether each block is shown: all, or those with evidence, their neighbours and independent claims."""
        if self.full or (stretch.section and stretch.section.kind in _ALWAYS_SHOWN):
            return [True] * len(stretch.blocks)
        hit = [any(mark.span.overlaps(block.span) for mark in marks) for block in stretch.blocks]
        around = [any(hit[max(0, i - 1) : i + 2]) for i in range(len(hit))]
        return [
            near if block.claim is None else own or (block.claim.form is not ClaimForm.dependent)
            for block, near, own in zip(stretch.blocks, around, hit, strict=True)
        ]

    def _gap(self, n: int) -> str:
        return f'<p class="gap">… {n} {say("ui.skipped", self.lang)} …</p>'

    def _block(self, text: Text, block: Block, marks: Sequence[Mark]) -> str:
        words = marked(text, block.span, [mark for mark in marks if mark.span.overlaps(block.span)])
        if block.claim is None:
            label = f"[{block.label}]" if block.label else ""
            return f'<p><span class="label">{h(label)}</span>{words}</p>'
        claim = block.claim
        if claim.deleted:
            words = f'<i class="deleted">({say("ui.deleted", self.lang)})</i>'
        refers = (
            f'<span class="refers" data-title="ui.refers_to">← {", ".join(map(str, claim.depends_on))}</span>'
            if claim.depends_on
            else ""
        )
        form = "dependent" if claim.form is ClaimForm.dependent else "independent"
        return f'<p class="claim {form}"><span class="label">{claim.number}</span>{words} {refers}</p>'


def marked(text: Text, span: Span, marks: Sequence[Mark]) -> str:
    """The words of ``span`` as HTML, cut where marks begin and end; each cut names every mark over it."""
    edges = {span.start, span.end}
    for mark in marks:
        edges |= {edge for edge in (mark.span.start, mark.span.end) if span.start < edge < span.end}
    cuts = sorted(edges)
    return "".join(_cut(text, Span(start, end), marks) for start, end in pairwise(cuts))


def _cut(text: Text, cut: Span, marks: Sequence[Mark]) -> str:
    words = h(text.quote(cut))
    over = [mark for mark in marks if mark.span.overlaps(cut)]
    if not over:
        return words
    anchors = "".join(f'<a id="{mark.anchor}"></a>' for mark in over if mark.span.start == cut.start)
    fields = sorted({mark.field for mark in over})
    several = " several" if len(fields) > 1 else ""
    names = " ".join(map(str, fields))
    return f'{anchors}<mark class="f{fields[0] % COLOURS}{several}" data-fields="{names}">{words}</mark>'


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
