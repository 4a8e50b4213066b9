"""Quotes written by hand -> offsets: the form in which questions on patents are kept without the patents' texts.

    python -m training.collect ANSWERS.jsonl... --names NAMES.json... --texts TEXTS.jsonl --out FOLDER

In: what a reader wrote (quotes, exact but for white space), which name stands for which text, the corpus.  Out: one
JSON line a patent in ``FOLDER/<lang>.jsonl``: digest, number, fields and questions as (start, end).  ``also``: other
places where a short answer stands; they are neither asked for nor taken for "not here".  ``within``: the piece of the
text that was read for the question; nothing is known of the rest.  Says what it cannot place.
"""

from __future__ import annotations

import argparse
import json
import re
from bisect import bisect_left
from collections import defaultdict
from pathlib import Path
from typing import Any

LONG = 15  # characters; from here on an answer means the same wherever it stands


def main() -> None:
    """Collects."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("answers", nargs="+", type=Path)
    parser.add_argument("--names", nargs="+", type=Path, required=True)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    names: dict[str, dict[str, Any]] = {}
    for path in options.names:
        names |= json.loads(path.read_text(encoding="utf8"))
    with options.texts.open(encoding="utf8") as file:
        texts = {line["digest"]: line for line in map(json.loads, file)}
    kept: dict[str, dict[str, Any]] = {}
    n_lost = 0
    for path in options.answers:
        for line in filter(None, path.read_text(encoding="utf8").split("\n")):
            written = json.loads(line, strict=False)
            name = names[written["doc"]]
            text = texts.get(name["digest"])
            if text is None:
                n_lost += 1
                continue
            entry = kept.setdefault(
                name["digest"],
                {
                    "digest": name["digest"],
                    "number": text["number"],
                    "lang": text["lang"],
                    "fields": {},
                    "questions": [],
                },
            )
            _take(entry, written, text["text"], (name.get("start", 0), name.get("end", len(text["text"]))))
    _write(kept, options.out)
    print(
        {"patents": len(kept), "questions": sum(len(e["questions"]) for e in kept.values()), "texts not found": n_lost}
    )


def _write(kept: dict[str, dict[str, Any]], out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    by_lang = defaultdict(list)
    for entry in kept.values():
        by_lang[entry["lang"]].append(entry)
    for lang, entries in by_lang.items():
        entries.sort(key=lambda entry: str(entry["digest"]))
        lines = (json.dumps(entry, ensure_ascii=False, separators=(",", ":")) for entry in entries)
        (out / f"{lang}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf8")


def _take(entry: dict[str, Any], written: dict[str, Any], text: str, part: tuple[int, int]) -> None:
    squeezed, places = squeeze(text)
    first, last = bisect_left(places, part[0]), bisect_left(places, part[1])
    for field, quotes in written.items():
        if field in ("doc", "qa") or not isinstance(quotes, list):
            continue
        spans = [place(quote, squeezed, places, first, last) for quote in quotes]
        entry["fields"].setdefault(field, []).extend(found[0] for found in spans if found)
    for asked in written["qa"]:
        found = [place(quote, squeezed, places, first, last) for quote in asked["answers"]]
        if asked["answers"] and not any(found):
            print("not placed:", written["doc"], asked["q"])
            continue
        repeats = [(span, span[1] - span[0] >= LONG) for spans in found for span in spans[1:]]
        answers = [spans[0] for spans in found if spans] + [span for span, is_long in repeats if is_long]
        also = [span for span, is_long in repeats if not is_long]
        question = {"q": asked["q"], "lang": asked["q_lang"], "kind": asked.get("kind", "other"), "answers": answers}
        within = {"within": part} if part != (0, len(text)) else {}
        entry["questions"].append(question | ({"also": also} if also else {}) | within)


def squeeze(text: str) -> tuple[str, list[int]]:
    """``text`` without white space, and where each letter of it stands in ``text``.

    >>> squeeze("a b\\n c")
    ('abc', [0, 2, 5])
    """
    places = [at for at, char in enumerate(text) if not char.isspace()]
    return "".join(text[at] for at in places), places


def place(quote: str, squeezed: str, places: list[int], first: int, last: int) -> list[tuple[int, int]]:
    """Every place of the quote, the first inside [first, last) in front."""
    wanted = re.sub(r"\s+", "", quote)
    if not wanted:
        return []
    found = [match.start() for match in re.finditer(re.escape(wanted), squeezed)]
    inside = next((at for at in found if first <= at and at + len(wanted) <= last), None)
    if inside is None:
        return []
    ordered = [inside, *(at for at in found if at != inside)]
    return [(places[at], places[at + len(wanted) - 1] + 1) for at in ordered]


if __name__ == "__main__":
    main()
