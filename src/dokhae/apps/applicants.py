"""Applicants on standard output: a list of the names, or proposals ready to paste into applicants.toml.

In: ``Applicants``.  Out: rows, or TOML.  Never writes the file: what is one applicant, a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from dokhae.apps.clicking import Words
from dokhae.apps.listing import list_rows
from dokhae.apps.output import Form, Row

if TYPE_CHECKING:
    from dokhae.insight.applicants import Applicant, Applicants, Proposal

_COLUMNS = ("applicant", "count", "representative", "proposal", "score", "reasons")


def show_applicants(applicants: Applicants, form: Form | None, words: Words, *, toml: bool) -> None:
    if toml:
        for line in _toml(applicants.proposals, words):
            click.echo(line)
        return
    as_words = form in (None, Form.table)
    list_rows((_row(one, words, as_words=as_words) for one in applicants.names), _COLUMNS, form, words)
    n_sure = sum(proposal.is_sure for proposal in applicants.proposals)
    counts = {"names": len(applicants.names), "sure": n_sure, "doubtful": len(applicants.proposals) - n_sure}
    click.echo(words("said-applicants", **{name: f"{n:,}" for name, n in counts.items()}), err=True)


def _row(one: Applicant, words: Words, *, as_words: bool) -> Row:
    proposal = one.proposal
    reasons = proposal.reasons if proposal else ()
    return {
        "applicant": one.name,
        "count": one.count,
        "representative": one.representative,
        "proposal": proposal.representative if proposal else None,
        "score": proposal.score if proposal else None,
        "reasons": tuple(words(f"reason-{reason}") for reason in reasons) if as_words else reasons,
    }


def _toml(proposals: Iterable[Proposal], words: Words) -> Iterator[str]:
    """The sure proposals as they are accepted, the doubtful ones as comments; a header each, so that any may go."""
    from dokhae.insight.applicants.registry import toml_line

    yield f"# {words('said-toml-applicants')}"
    for proposal in proposals:
        mark = "" if proposal.is_sure else "# "
        reasons = "; ".join(words(f"reason-{reason}") for reason in proposal.reasons)
        yield f"\n# {proposal.score:.2f}  {reasons}"
        yield f"{mark}[[representative]]"
        yield f"{mark}{toml_line(proposal.representative, proposal.names)}"
