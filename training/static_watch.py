"""How good rows of a static table are while they learn: on questions and titles of patents they do not learn from.

In: rows float32 [pieces, dim].  Out: ``same8``, ``cross8`` …: questions with an answering passage among the 4 or 8 best
of the patent by matches, ``sum_cross8`` by cosine of sums; ``en_ko``: English titles written by hand whose Korean
abstract has the highest cosine.  Patents of one part only.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dokhae.models.card import read_card
from dokhae.models.encoder import unit
from dokhae.models.tokens import Tokens
from training import patents, selection
from training.build_reader import QUESTIONS, part_of

_CUTS = (4, 8)


class Held:
    """Texts as bags of ids, tokenised once."""

    def __init__(self, corpus: Path, models: Path, part: str = "dev") -> None:
        tokens = Tokens(read_card(models / "encoder").tokenizer)
        self._asked = list(selection.load(corpus, part))
        self._questions = tokens.plain_ids([one.question for one in self._asked])
        passages = {one.patent: one.passages for one in self._asked}
        self._passages = {patent: tokens.plain_ids(own) for patent, own in passages.items()}
        titles, abstracts = titled(corpus, part)
        self._titles, self._abstracts = tokens.plain_ids(titles), tokens.plain_ids(abstracts)

    def figures(self, rows: Any) -> dict[str, float]:
        """All of them."""
        sums = {patent: vectors(rows, ids) for patent, ids in self._passages.items()}
        found: dict[str, list[bool]] = {}
        for one, question in zip(self._asked, self._questions, strict=True):
            kind = "cross" if one.is_cross else "same"
            matched = matches(rows, question, self._passages[one.patent])
            for cut in _CUTS:
                found.setdefault(f"{kind}{cut}", []).append(selection.is_among(matched, one.answering, cut))
            cosines = sums[one.patent] @ vectors(rows, [question])[0]
            found.setdefault(f"sum_{kind}8", []).append(selection.is_among(cosines, one.answering, 8))
        scores = vectors(rows, self._titles) @ vectors(rows, self._abstracts).T
        found["en_ko"] = (scores.argmax(1) == np.arange(len(scores))).tolist()
        return {name: round(float(np.mean(hits)), 3) for name, hits in sorted(found.items())}


def titled(corpus: Path, part: str) -> tuple[list[str], list[str]]:
    """English titles written by hand and the Korean abstracts they are for."""
    known = patents.load(corpus / "texts.jsonl")
    titles, abstracts = [], []
    with gzip.open(QUESTIONS / "titles.jsonl.gz", "rt", encoding="utf8") as file:
        for line in map(json.loads, file):
            if line["id"] in known and part_of(line["id"]) == part:
                titles.append(line["title"])
                abstracts.append(known[line["id"]].text.partition("\n")[2])
    return titles, abstracts


def vectors(rows: Any, ids: Sequence[Sequence[int]]) -> Any:
    """Unit vectors [n, dim] of bags of ids."""
    return unit(np.stack([rows[list(one)].sum(0) for one in ids]))


def matches(rows: Any, question: Sequence[int], passages: Sequence[Sequence[int]]) -> Any:
    """As ``dokhae.models.static`` matches, [n]."""
    pieces, flat = np.unique(np.concatenate([np.array(one, np.int64) for one in passages]), return_inverse=True)
    asked = rows[list(question)]
    likeness = (unit(asked) @ unit(rows[pieces]).T)[:, flat]  # [tokens asked, tokens read]
    starts = np.cumsum([0, *(len(one) for one in passages[:-1])])
    lengths = np.linalg.norm(asked, axis=1)
    return lengths @ np.maximum.reduceat(likeness, starts, axis=1) / (lengths.sum() + 1e-9)
