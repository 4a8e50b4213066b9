"""Descriptions in elements: which section their paragraphs stand in."""

from __future__ import annotations

import pytest
from lxml import etree

from dokhae.parse.build import TextBuilder
from dokhae.parse.xml.biblio import party_of
from dokhae.parse.xml.description import DescriptionWriter
from dokhae.types import Party

_LONG = "The housing holds a lens and a coil, and the coil moves the lens along its axis. " * 4


def sections(body: str, *, headings_in_paragraphs: bool = True) -> list[tuple[str, str]]:
    """The kind and the heading of each section of a description."""
    builder = TextBuilder(parser="test")
    writer = DescriptionWriter(builder, "en", headings_in_paragraphs=headings_in_paragraphs)
    writer.write(etree.fromstring(f"<description>{body}</description>"))
    return [(section.kind.value, section.heading) for section in builder.finish()[0].sections]


def test_a_numbered_heading_set_as_a_paragraph_opens_its_section_where_headings_are_marked() -> None:
    body = """<heading>BACKGROUND OF THE INVENTION</heading><p>1. Field of the Invention</p><p>Lenses.</p>
        <p>2. Description of the Related Art</p><p>Lenses shake.</p>"""
    assert sections(body, headings_in_paragraphs=False) == [
        ("field", "1. Field of the Invention"),
        ("background", "2. Description of the Related Art"),
    ]


def test_a_paragraph_that_reads_like_a_heading_without_a_number_stays_one_where_headings_are_marked() -> None:
    body = "<heading>SUMMARY</heading><p>Field of the Invention</p><p>Lenses.</p>"
    assert sections(body, headings_in_paragraphs=False) == [("solution", "SUMMARY")]


def test_a_heading_with_a_colon_is_a_heading_and_one_that_leads_to_a_list_is_none() -> None:
    assert sections("<p>Background of the Invention:</p><p>Lenses shake.</p><p>Solution:</p><p>Acid.</p>") == [
        ("background", "Background of the Invention:")
    ]


def test_what_follows_the_list_of_figures_without_a_heading_is_of_the_embodiments() -> None:
    body = f"""<heading>BRIEF DESCRIPTION OF THE DRAWINGS</heading><p>FIG. 1 is a side view.</p>
        <p>FIG. 2 is a section.</p><p>{_LONG}</p><p>FIG. 1 shows the lens 10.</p>"""
    assert sections(body) == [("drawings", "BRIEF DESCRIPTION OF THE DRAWINGS"), ("embodiments", "")]


def test_a_list_of_figures_that_an_element_ends_is_whole() -> None:
    body = f"<description-of-drawings><p>FIG. 1 is a view.</p><p>{_LONG}</p></description-of-drawings><p>Lenses.</p>"
    assert sections(body) == [("drawings", ""), ("embodiments", "")]


def test_a_list_of_signs_below_the_figures_is_one() -> None:
    body = "<heading>DRAWINGS</heading><p>FIG. 1 is a view.</p><p>Reference numerals: 10 - lens; 20 - coil.</p>"
    assert sections(f"{body}<p>{_LONG}</p>") == [("drawings", "DRAWINGS"), ("reference_signs", ""), ("embodiments", "")]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("EXEMPLE 12 : " + "acide 7-chloro-2-oxo-1,2-dihydro-3-quinolinyl " * 3, "examples"),
        ("Ausführungsbeispiel der Vorrichtung", "embodiments"),
        ("Erstes Vergleichsbeispiel", "examples"),
    ],
)
def test_marked_headings_may_be_long_and_of_other_languages(heading: str, kind: str) -> None:
    assert sections(f"<heading>{heading}</heading><p>Acide.</p>")[0][0] == kind


def test_a_name_that_was_escaped_twice_is_read() -> None:
    party = etree.fromstring("<applicant><name>Meier &amp;amp; Sohn</name><country>DE</country></applicant>")
    assert party_of(party) == Party("Meier & Sohn")
