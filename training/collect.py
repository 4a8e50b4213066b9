"""Quotes written by hand -> offsets: the form in which questions on patents are kept without the patents' texts.

    python -m training.collect ANSWERS.jsonl... --names NAMES.json... --texts TEXTS.jsonl --out FOLDER

In: what a reader wrote (quotes, exact but for white space), which name stands for which text, the corpus.  Out: one
JSON line a patent in ``FOLDER/<lang>.jsonl``: digest, number, fields and questions as (start, end).  ``also``: other
places where a short answer stands; they are neither asked for nor taken for "not here".  ``within``: the piece of the
text that was read for the question; nothing is known of the rest.  Says what it cannot place.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from training import lines, options
from training.lines import Line

LONG = 15  # characters; from here on an answer means the same wherever it stands
_NO_FIELDS = ("doc", "qa")
Range = tuple[int, int]


def main() -> None:
    """Collects."""
    parser = options.parser(__doc__, "texts", "out")
    parser.add_argument("answers", nargs="+", type=Path)
    parser.add_argument("--names", nargs="+", type=Path, required=True)
    given = parser.parse_args()
    names: dict[str, Line] = {}
    for path in given.names:
        names |= json.loads(path.read_text(encoding="utf8"))
    texts = {line["digest"]: line for line in lines.read(given.texts)}
    kept, n_lost = collected((line for path in given.answers for line in written(path)), names, texts)
    write(kept, given.out)
    n_questions = sum(len(entry["questions"]) for entry in kept)
    print({"patents": len(kept), "questions": n_questions, "texts not found": n_lost})


def written(path: Path) -> Iterable[Line]:
    """What a reader wrote, one object a patent or piece of one; raw tabs and the like in a quote are let through."""
    return (json.loads(line, strict=False) for line in path.read_text(encoding="utf8").split("\n") if line)


def collected(answers: Iterable[Line], names: Mapping[str, Line], texts: Mapping[str, Line]) -> tuple[list[Line], int]:
    """An entry a patent, and how many answers are about texts that are not there."""
    kept: dict[str, Line] = {}
    n_lost = 0
    for one in answers:
        name = names[one["doc"]]
        text = texts.get(name["digest"])
        if text is None:
            n_lost += 1
            continue
        entry = kept.setdefault(text["digest"], new_entry(text))
        part = (name.get("start", 0), name.get("end", len(text["text"])))
        take(entry, one, Squeezed.of(text["text"], part))
    return list(kept.values()), n_lost


def new_entry(text: Line) -> Line:
    """A patent nothing was asked about yet."""
    return {name: text[name] for name in ("digest", "number", "lang")} | {"fields": {}, "questions": []}


@dataclass(frozen=True, slots=True)
class Squeezed:
    """A text without white space, and where each letter of it stands in the text.

    first, last: the letters of the piece that was read; within: the same in the text, None where all was read.
    """

    letters: str
    places: Sequence[int]
    first: int
    last: int
    within: Range | None

    @classmethod
    def of(cls, text: str, part: Range | None = None) -> Squeezed:
        """The letters of ``text``, read as a whole or in ``part``.

        >>> Squeezed.of("a b\\n c").letters, Squeezed.of("a b\\n c").places
        ('abc', [0, 2, 5])
        """
        whole = (0, len(text))
        places = [at for at, char in enumerate(text) if not char.isspace()]
        first, last = (bisect_left(places, at) for at in part or whole)
        return cls("".join(text[at] for at in places), places, first, last, None if part == whole else part)


def place(quote: str, text: Squeezed) -> list[Range]:
    """Every place of the quote, the first inside the piece that was read in front; none if there is no such place.

    >>> place("b c", Squeezed.of("a b\\n c, bc", (0, 7)))
    [(2, 6), (8, 10)]
    """
    wanted = re.sub(r"\s+", "", quote)
    if not wanted:
        return []
    found = [match.start() for match in re.finditer(re.escape(wanted), text.letters)]
    inside = next((at for at in found if text.first <= at and at + len(wanted) <= text.last), None)
    if inside is None:
        return []
    ordered = [inside, *(at for at in found if at != inside)]
    return [(text.places[at], text.places[at + len(wanted) - 1] + 1) for at in ordered]


def take(entry: Line, one: Line, text: Squeezed) -> None:
    """Adds the fields and questions of ``one`` to ``entry``."""
    for field, quotes in one.items():
        if field not in _NO_FIELDS and isinstance(quotes, list):
            spans = [place(quote, text) for quote in quotes]
            entry["fields"].setdefault(field, []).extend(found[0] for found in spans if found)
    for asked in one["qa"]:
        question = question_of(asked, text)
        if question is None:
            print("not placed:", one["doc"], asked["q"])
        else:
            entry["questions"].append(question)


def question_of(asked: Line, text: Squeezed) -> Line | None:
    """A question with its answers as offsets; None if it has answers and none can be placed."""
    found = [places for quote in asked["answers"] if (places := place(quote, text))]
    if asked["answers"] and not found:
        return None
    repeats = [span for places in found for span in places[1:]]
    long, short = ([span for span in repeats if (span[1] - span[0] >= LONG) is is_long] for is_long in (True, False))
    question = {"q": asked["q"], "lang": asked["q_lang"], "kind": asked.get("kind", "other")}
    question["answers"] = [places[0] for places in found] + long
    return question | ({"also": short} if short else {}) | ({"within": text.within} if text.within else {})


def write(entries: Iterable[Line], out: Path) -> None:
    """A file a language, the patents in the order of their digests."""
    out.mkdir(parents=True, exist_ok=True)
    by_lang = defaultdict(list)
    for entry in entries:
        by_lang[entry["lang"]].append(entry)
    for lang, found in by_lang.items():
        ordered = sorted(found, key=lambda entry: str(entry["digest"]))
        text = "\n".join(json.dumps(entry, ensure_ascii=False, separators=(",", ":")) for entry in ordered)
        (out / f"{lang}.jsonl").write_text(text + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
