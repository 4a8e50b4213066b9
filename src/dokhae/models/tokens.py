"""Texts -> token ids, and where in the text each token stands.  The only place that imports ``tokenizers``.

In: a ``tokenizer.json`` and texts of any kind.  Out: ``Sequence``: ids with the model's own special tokens around them,
and offsets that are exact in the original text, in code points.  Never truncates or pads, whatever the file says, and
never takes words of a text such as "</s>" for special tokens.  Source of the form of pairs: the file's post-processor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Sequence as Many
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from tokenizers import Encoding, Tokenizer, normalizers, pre_tokenizers

from dokhae.errors import InputError
from dokhae.models.align import align, writable

# what is remembered of words: Zipf's law does the rest
_MOST_CHARS = 2_000_000
_BLANK = "▁"  # as pieces write it


@dataclass(frozen=True, slots=True)
class Sequence:
    """What a model reads of one text, or of a question and a text.

    ids, types: of every token.  first: position of the text's first token.  offsets: of the text's tokens, which are
    consecutive: the token at ``first + i`` stands at ``offsets[i]``.
    """

    ids: list[int]
    types: list[int]
    first: int
    offsets: list[tuple[int, int]]

    def __len__(self) -> int:
        return len(self.ids)


class Tokens:
    """A tokenizer read from a file.  Raises InputError ``model-unreadable``."""

    def __init__(self, path: Path) -> None:
        try:
            # read as bytes: the library cannot open every path of Windows
            self._tokenizer = Tokenizer.from_buffer(path.read_bytes())
        except ValueError as error:
            raise InputError("model-unreadable", file=path, reason=str(error)) from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        normalizer = self._tokenizer.normalizer
        self._normalise = writable if normalizer is None else normalizer.normalize_str
        self._tokenizer.normalizer = normalizers.Sequence([])  # ``align`` normalises
        self._is_by_word = _splits_at_blanks(self._tokenizer)
        self._known: dict[str, list[int]] = {}
        self._n_known_chars = 0
        added = self._tokenizer.get_added_tokens_decoder().values()
        self._special = _any_of([token.content for token in added if token.special])

    @property
    def n_pieces(self) -> int:
        return self._tokenizer.get_vocab_size()

    @property
    def padding_id(self) -> int:
        """The id that fills a batch; the mask hides it from the model."""
        found = (self._tokenizer.token_to_id(name) for name in ("<pad>", "[PAD]"))
        return next((id_ for id_ in found if id_ is not None), 0)

    def n_special(self, *, is_pair: bool) -> int:
        """How many tokens of a sequence are the model's own."""
        return self._tokenizer.num_special_tokens_to_add(is_pair)

    def count(self, text: str) -> int:
        """Tokens of ``text`` without special ones."""
        return len(self.plain_ids([text])[0])

    def plain_ids(self, texts: Many[str]) -> list[list[int]]:
        """Ids of each text without special ones: word by word from memory, which is what makes static vectors fast."""
        normal = [self._normalise(self._harmless(text)) for text in texts]
        if not self._is_by_word or any(_BLANK in text for text in normal):
            return [self._encode(text).ids for text in normal]
        # a blank before the first word is the word's own
        words = [text.removeprefix(" ").split(" ") if text else [] for text in normal]
        known = self._learn({word for own in words for word in own})
        return [list(chain.from_iterable(map(known.__getitem__, own))) for own in words]

    def single(self, text: str) -> Sequence:
        """``text`` as the model reads it alone; without offsets, which nobody asks of a whole text."""
        encoding = self._tokenizer.post_process(self._encode(self._normalise(self._harmless(text))))
        return Sequence(encoding.ids, encoding.type_ids, 0, [])

    def pair(self, question: str, text: str) -> Sequence:
        """``question`` and ``text`` as the model reads them together, with the offsets of ``text``."""
        aligned = align(self._harmless(text), self._normalise)
        asked = self._encode(self._normalise(self._harmless(question)))
        read = self._encode(aligned.text)
        offsets = aligned.originals(read.offsets)
        encoding = self._tokenizer.post_process(asked, read)
        positions = encoding.sequence_ids
        first = positions.index(1) if 1 in positions else len(positions)
        return Sequence(encoding.ids, encoding.type_ids, first, offsets)

    def _encode(self, normal: str) -> Encoding:
        return self._tokenizer.encode(normal, add_special_tokens=False)

    def _learn(self, words: set[str]) -> Mapping[str, list[int]]:
        """What is known of words, ``words`` among it; "" is a blank at the end of a text."""
        if self._n_known_chars > _MOST_CHARS:
            self._known.clear()
            self._n_known_chars = 0
        # not words - keys: that goes through all that is known
        unseen = sorted(word for word in words if word not in self._known)
        if not unseen:  # the library takes a tenth of a millisecond for nothing
            return self._known
        self._n_known_chars += sum(map(len, unseen))
        encoded = self._tokenizer.encode_batch_fast([word or " " for word in unseen], add_special_tokens=False)
        self._known.update((word, encoding.ids) for word, encoding in zip(unseen, encoded, strict=True))
        return self._known

    def _harmless(self, text: str) -> str:
        """``text`` in which nothing reads as a special token; as long as before."""
        text = writable(text)
        return self._special.sub(lambda match: " " + match[0][1:], text) if self._special else text


def _splits_at_blanks(tokenizer: Tokenizer) -> bool:
    """Whether each word is cut into pieces by itself, whatever stands beside it (SentencePiece: XLM-R, e5)."""
    found = tokenizer.pre_tokenizer
    return isinstance(found, pre_tokenizers.Metaspace) and found.split and found.prepend_scheme == "always"


def _any_of(words: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True)))) if words else None
