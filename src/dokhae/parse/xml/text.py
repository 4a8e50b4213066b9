"""Mixed XML content -> text that reads well: lines, raised figures, formulas, tables.

In: an element of a patent document (USPTO, ST.36, MAREC).  Out: blocks of text and tables in document order.  White
space is collapsed; list items, formula lines and claim steps stand on lines of their own.  Never leaves a raised
figure on the line ("10<sup>-6</sup>" is "10⁻⁶", not "10-6"); lowered ones stay plain, as they are typed in a search
("H2O").  Pictures leave nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from dokhae.parse.xml.entities import characters_of

# &amp;le; of a source that escaped twice; a text on markup speaks of these few by their names
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9.]{1,15});")
_SPOKEN_OF = frozenset({"amp", "lt", "gt", "quot", "apos", "nbsp", "copy"})
_LINE_END = "\0"  # while a block is collected; XML cannot contain it
_RAISED = str.maketrans("0123456789+-−–=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱ")
_RAISABLE = re.compile(r"[0-9+\-−–=()]+|[+\-−–]?[ni]")
_RAISED_SIGNS = {"TM": "™", "SM": "℠", "o": "°", "O": "°", "∘": "°"}

# elements that stand on lines of their own
_BLOCKS = frozenset(
    {"claim-text", "CLMSTEP", "li", "dt", "br", "p", "PARA", "paragraph", "pre", "heading", "H", "ul", "ol", "sl", "dl"}
    | {"maths", "row", "tr"}
    | {"UL", "OL", "SL", "DL", "LI", "DT", "MATH-US", "CHEM-US", "math-cwu", "list-item", "line-break"}
)
_TABLES = frozenset({"tables", "TBL-CWU", "table-cwu", "TABLE-US"})
_NOTHING = frozenset({"img", "EMI", "image", "figure", "number", "MATHEMATICA"})
_RAISING = frozenset({"sup", "SP", "superscript", "sup2"})
_INVISIBLE = re.compile("[\u2061-\u2064]")  # MathML's "times" and "of" that nobody sees
_SPACED_OPERATORS = frozenset("=+−-<>≤≥≦≧≈≅×±→≠·∗")


@dataclass(frozen=True, slots=True)
class Block:
    """text: lines separated by newlines; in a table a line is a row and a tab ends a cell."""

    text: str
    is_table: bool = False


@dataclass
class _Lines:
    pieces: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def add(self, text: str | None) -> None:
        if text:
            self.pieces.append(text)

    def end_line(self) -> None:
        self.pieces.append(_LINE_END)

    def end_block(self) -> None:
        text = _tidy("".join(self.pieces))
        self.pieces.clear()
        if text:
            self.blocks.append(Block(text))


def tag_of(element: etree._Element) -> str:
    """The name of an element without its namespace; "" for comments and processing instructions."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.rpartition("}")[2] if tag[0] == "{" else tag  # asked of every element: most have no namespace


def blocks_of(element: etree._Element) -> list[Block]:
    """The content of ``element`` as text blocks, interrupted by its tables."""
    lines = _Lines()
    _walk(element, lines)
    lines.end_block()
    return lines.blocks


def text_of(element: etree._Element | None) -> str:
    """The content of ``element`` as one text, its tables as lines; "" for None."""
    if element is None:
        return ""
    if not len(element):  # most of a front page: words and nothing else
        return once_more(" ".join((element.text or "").split()))
    return "\n".join(block.text for block in blocks_of(element))


def line_of(element: etree._Element | None) -> str:
    """The content of ``element`` on one line; "" for None."""
    return " ".join(text_of(element).split())


def preformatted(element: etree._Element) -> Iterator[str]:
    """The paragraphs of an element whose lines are kept (``pre``): an empty line ends one."""
    text = "".join(str(piece) for piece in element.itertext())
    for paragraph in re.split(r"\n[ \t]*\n", text):
        if paragraph.strip():
            yield " ".join(paragraph.split())


def once_more(text: str) -> str:
    """``text`` without the names of characters that were escaped twice; what a text on markup may speak of stays.

    >>> once_more("&le;20 %, 5 &mgr;m, &lt;b&gt; and &nbsp;")
    '≤20 %, 5 μm, &lt;b&gt; and &nbsp;'
    """
    return _NAMED.sub(_character, text) if "&" in text else text


def _character(named: re.Match[str]) -> str:
    found = None if named[1] in _SPOKEN_OF else characters_of(named[1])
    return named[0] if found is None else found


def _tidy(text: str) -> str:
    """Lines without doubled spaces, empty ones left out."""
    text = once_more(text)
    lines = (" ".join(line.split()) for line in text.split(_LINE_END))
    return "\n".join(line for line in lines if line)


def _walk(element: etree._Element, lines: _Lines) -> None:
    lines.add(element.text)
    for child in element:
        tag = tag_of(child)
        if tag in _RAISING:
            _add_raised("".join(str(piece) for piece in child.itertext()), lines)
        elif tag in _TABLES:
            lines.end_block()
            _add_table(child, lines)
        elif tag in _BLOCKS:
            lines.end_line()
            _walk(child, lines)
            lines.end_line()
        elif tag in ("dd", "DD"):
            lines.add(" ")
            _walk(child, lines)
        elif tag == "math":
            lines.add(formula(child))
        elif tag in ("frac", "FRAC"):
            lines.add(_old_fraction(child))
        elif tag and tag not in _NOTHING:
            _walk(child, lines)
        lines.add(child.tail)


def _add_raised(written: str, lines: _Lines) -> None:
    """Blanks at its ends part it from its neighbours: "10 cd/m<sup>2 </sup>was"."""
    lines.add(" " if written[:1].isspace() else None)
    lines.add(raised(written))
    lines.add(" " if written[-1:].isspace() else None)


def raised(text: str) -> str:
    """``text`` as it stands above the line, in characters.

    >>> raised("-6"), raised("st"), raised("0.5"), raised("o")
    ('⁻⁶', 'st', '^(0.5)', '°')
    """
    text = " ".join(text.split())
    if text in _RAISED_SIGNS:
        return _RAISED_SIGNS[text]
    if _RAISABLE.fullmatch(text):
        return text.translate(_RAISED)
    return f"^({text})" if any(c.isdigit() or c in "+-−*/=" for c in text) else text


def _old_fraction(element: etree._Element) -> str:
    lines = _Lines()
    lines.add(element.text)
    for child in element:
        lines.add(")/(" if tag_of(child) == "over" else None)
        _walk(child, lines)
        lines.add(child.tail)
    return f"({_tidy(''.join(lines.pieces))})"


def formula(element: etree._Element) -> str:
    """A MathML formula on one line: fractions with a slash, powers raised, table rows separated by "; "."""
    tag, parts = tag_of(element), [formula(child) for child in element if tag_of(child)]
    shape = _SHAPES.get((tag, len(parts)))
    if shape:
        return shape(parts)
    if tag in ("mtable", "mtr", "mlabeledtr"):
        return _BETWEEN[tag].join(part.strip() for part in parts if part.strip())
    joined = _side_by_side(parts) or _INVISIBLE.sub("", element.text or "").strip().translate(_MATHEMATICA)
    if tag == "msqrt":
        return f"√({joined})"
    return f" {joined} " if tag == "mo" and joined in _SPACED_OPERATORS else joined


def _side_by_side(parts: list[str]) -> str:
    """Words of more than one letter stand apart: "mass of alcohol", but "xy"."""
    joined = ""
    for part in parts:
        are_words = _WORD_END.search(joined[-2:]) or (joined[-1:].isalpha() and _WORD_START.match(part))
        joined += f" {part}" if are_words and part[:1].isalpha() else part
    return joined


def _grouped(text: str) -> str:
    return text if re.fullmatch(r"[\w.]+", text) else f"({text})"


def _power(text: str) -> str:
    """Raised, and so even where it is a letter: e^x, which text ("1st") would leave on the line."""
    up = raised(text)
    return f"^{_grouped(text)}" if up == text and any(map(str.isalnum, text)) else up


_BETWEEN = {"mtable": "; ", "mtr": ", ", "mlabeledtr": ", "}
# what Mathematica, which set these formulas, keeps in the private area or sets in a font of its own
_MATHEMATICA = str.maketrans({"\uf603": "|", "\uf604": "|", "\uf605": "‖", "\uf606": "‖", "ⅆ": "d", "ⅇ": "e", "ⅈ": "i"})
_WORD_END = re.compile(r"[^\W\d_]{2}$")
_WORD_START = re.compile(r"[^\W\d_]{2}")
_SHAPES: dict[tuple[str, int], Callable[[list[str]], str]] = {
    ("mfrac", 2): lambda parts: f"{_grouped(parts[0])}/{_grouped(parts[1])}",
    ("msup", 2): lambda parts: parts[0] + _power(parts[1]),
    ("msub", 2): lambda parts: f"{parts[0]}_{_grouped(parts[1])}",
    ("msubsup", 3): lambda parts: f"{parts[0]}_{_grouped(parts[1])}{_power(parts[2])}",
    ("munder", 2): lambda parts: f"{parts[0]}_{_grouped(parts[1])}",
    ("munderover", 3): lambda parts: f"{parts[0]}_{_grouped(parts[1])}{_power(parts[2])} ",
}


def _add_table(element: etree._Element, lines: _Lines) -> None:
    rows = [_row(row) for row in element.iter() if tag_of(row) in ("row", "ROW", "tr")]
    titles = [line_of(title) for title in element.iter() if tag_of(title) in ("title", "TITLE")]
    text = "\n".join(row for row in titles + rows if row.strip())
    if text:
        lines.blocks.append(Block(text, is_table=True))


def _row(row: etree._Element) -> str:
    cells = [line_of(cell) for cell in row if tag_of(cell) in ("entry", "ENTRY", "td", "th")]
    return "\t".join(cells).rstrip("\t")
