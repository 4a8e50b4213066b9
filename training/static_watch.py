"""How good rows of a static table are while they learn: on questions and titles of patents they do not learn from.

In: rows float32 [pieces, dim].  Out: ``same``, ``cross``: questions with an answering passage among the 8 best of the
patent, and with BM25 added (``same+``, ``cross+``); ``en_ko``: English titles written by hand that find their Korean
abstract first.  Patents of the part "dev" only.
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

_CUT = 8


class Held:
    """Texts as bags of ids, tokenised once."""

    def __init__(self, corpus: Path, models: Path) -> None:
        tokens = Tokens(read_card(models / "encoder").tokenizer)
        self._asked = list(selection.load(corpus, "dev"))
        self._lexical = [selection.lexical(one.question, one.passages) for one in self._asked]
        self._questions = tokens.plain_ids([one.question for one in self._asked])
        passages = {one.patent: one.passages for one in self._asked}
        self._passages = {patent: tokens.plain_ids(own) for patent, own in passages.items()}
        titles, abstracts = titled(corpus)
        self._titles, self._abstracts = tokens.plain_ids(titles), tokens.plain_ids(abstracts)

    def figures(self, rows: Any) -> dict[str, float]:
        """All of them."""
        questions = vectors(rows, self._questions)
        passages = {patent: vectors(rows, ids) for patent, ids in self._passages.items()}
        found: dict[str, list[bool]] = {name: [] for name in ("same", "same+", "cross", "cross+")}
        for one, question, lexical in zip(self._asked, questions, self._lexical, strict=True):
            scores = passages[one.patent] @ question
            both = selection.standard(scores) + 0.5 * selection.standard(lexical)
            kind = "cross" if one.is_cross else "same"
            found[kind].append(selection.is_among(scores, one.answering, _CUT))
            found[f"{kind}+"].append(selection.is_among(both, one.answering, _CUT))
        scores = vectors(rows, self._titles) @ vectors(rows, self._abstracts).T
        first = scores.argmax(1) == np.arange(len(scores))
        return {name: round(float(np.mean(hits)), 3) for name, hits in (found | {"en_ko": first}).items()}


def titled(corpus: Path) -> tuple[list[str], list[str]]:
    """English titles written by hand and the Korean abstracts they are for."""
    known = patents.load(corpus / "texts.jsonl")
    titles, abstracts = [], []
    with gzip.open(QUESTIONS / "titles.jsonl.gz", "rt", encoding="utf8") as file:
        for line in map(json.loads, file):
            if line["id"] in known and part_of(line["id"]) == "dev":
                titles.append(line["title"])
                abstracts.append(known[line["id"]].text.partition("\n")[2])
    return titles, abstracts


def vectors(rows: Any, ids: Sequence[Sequence[int]]) -> Any:
    """Unit vectors [n, dim] of bags of ids."""
    return unit(np.stack([rows[list(one)].sum(0) for one in ids]))
