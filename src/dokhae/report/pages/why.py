"""Why: the folded part of an answer that says what its score is made of and which threshold it met.

In: a field, its answer as stored, the judges in force.  Out: a ``details`` element, "" where nothing was read.  Runs no
model: what is not stored (passages, words) is told by ``dokhae show STUDY NUMBER --why``.
"""

from __future__ import annotations

from dokhae.reading.fields import Field
from dokhae.reading.learned import Learned
from dokhae.reading.thresholds import limits_of
from dokhae.report import spell
from dokhae.report.labels import has_label
from dokhae.report.pages.markup import both, h, say
from dokhae.types import Answer, Candidate

N_SHOWN = 2  # the answer and the next best: at 50,000 patents every hundred characters are 50 MB
N_PARTS = 5
_QUOTE_CHARS = 40


def why(field: Field, answer: Answer | None, judged: Learned, lang: str) -> str:
    """The reasons of the first candidate and of the one that came next, and the thresholds."""
    if answer is None:
        return ""
    limits = limits_of(field, answer, judged)
    verdict = both(lambda spoken: spell.because(answer, limits, spoken), lang, tag="p")
    items = "".join(_reasons(candidate, lang) for candidate in answer.candidates[:N_SHOWN] if candidate.reasons)
    made_by = f"<p><small>{h(answer.made_by)}</small></p>"
    listed = f"<ul>{items}</ul>" if items else ""
    return f'<details class="why">{say("ui.why", lang, tag="summary")}{verdict}{listed}{made_by}</details>'


def _reasons(candidate: Candidate, lang: str) -> str:
    quote = " ".join(candidate.evidence.quote.split())
    shown = quote if len(quote) <= _QUOTE_CHARS else quote[: _QUOTE_CHARS - 1] + "…"
    parts = ", ".join(f"{_name(name, lang)} {weight:+.2f}" for name, weight in candidate.reasons[:N_PARTS])
    return f"<li><b>{candidate.score:.2f}</b> <q>{h(shown)}</q> {parts}</li>"


def _name(name: str, lang: str) -> str:
    """A reason in both languages where it has a name in both."""
    key = f"why.{name.replace(' ', '_')}"
    if has_label(key):
        return say(key, lang)
    return both(lambda spoken: spell.reason(name, spoken), lang) if name.startswith("section ") else h(name)
