"""Where a list of figures ends without a heading."""

from __future__ import annotations

from dokhae.parse.figures import FigureList

_BODY = "The housing holds a lens and a coil, and the coil moves the lens along its axis. " * 4


def _kept(*paragraphs: str) -> list[bool]:
    figures = FigureList()
    return [figures.lists(paragraph) for paragraph in paragraphs]


def test_what_leads_to_the_first_figure_is_of_the_list() -> None:
    assert _kept(_BODY, "FIG. 1 is a side view.", "FIG. 2 is a section.") == [True, True, True]


def test_a_long_paragraph_without_a_figure_ends_the_list() -> None:
    assert _kept("Figure 1 shows a lens.", _BODY) == [True, False]


def test_a_paragraph_that_refers_to_a_figure_ends_the_list() -> None:
    assert _kept("FIG. 1 is a side view.", "Referring to FIG. 1, a lens 10 is held.") == [True, False]
    assert _kept("FIG. 1 is a side view.", "As shown in FIG. 1, a lens is held.") == [True, False]


def test_a_short_remark_is_of_the_list() -> None:
    assert _kept("Fig. 1: side view", "Scale bars are 1 mm.", "Fig. 2: section") == [True, True, True]


def test_coming_back_to_the_first_figure_ends_the_list() -> None:
    assert _kept("FIG. 1 is a view.", "FIG. 2 is a view.", "FIG. 1 shows a lens 10.") == [True, True, False]


def test_a_legend_of_several_paragraphs_is_taken_up_again_by_the_next_figure() -> None:
    assert _kept("Figure 1. Cells.", _BODY, "Figure 2. Mice.") == [True, False, True]


def test_a_figure_of_the_list_named_after_its_end_is_no_list() -> None:
    assert _kept("FIG. 1 is a view.", "FIG. 2 is a view.", _BODY, "FIG. 2 shows a lens.") == [True, True, False, False]


def test_german_figures_are_listed() -> None:
    assert _kept("Figur 1 einen Schnitt,", "Abbildung 2 eine Ansicht.", _BODY) == [True, True, False]


def test_figures_named_together_are_all_of_the_list() -> None:
    assert _kept("FIGS. 1 to 3 are views.", _BODY, "FIG. 3 shows a lens.") == [True, False, False]


def test_far_behind_its_end_a_list_is_not_taken_up_again() -> None:
    assert _kept("FIG. 1 is a view.", _BODY, _BODY, _BODY, "FIG. 2 shows a lens.")[-1] is False
