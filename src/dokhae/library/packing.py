"""Document -> the form in which it travels from a worker to the store: keys computed, texts digested and compressed.

In: a Document of a parser.  Out: ``Packed``, or Rejected where it holds no text at all.  Packing is the larger part of
storing, and needs no database: workers do it side by side, the one writer only inserts.
"""

from __future__ import annotations

from dataclasses import dataclass

from dokhae.library.codec import pack_record, pack_text
from dokhae.library.identity import Record, digest_of, publication_key
from dokhae.types import Document, Rejected, Source, Text


@dataclass(frozen=True, slots=True)
class PackedText:
    digest: str
    words: bytes
    structure: bytes

    @staticmethod
    def of(text: Text) -> PackedText:
        return PackedText(text.digest, *pack_text(text))


@dataclass(frozen=True, slots=True)
class Packed:
    """key: of the publication.  content: digest of the record.  packed_record: as it is stored."""

    source: Source
    key: str
    content: str
    record: Record
    packed_record: bytes
    texts: tuple[PackedText, ...]

    @property
    def n_bytes(self) -> int:
        return len(self.packed_record) + sum(len(t.words) + len(t.structure) for t in self.texts)


def pack(document: Document) -> Packed | Rejected:
    record = Record.of(document)
    if not record.texts:
        return Rejected.of(document.source, "document-without-text", stage="store")
    texts = tuple(PackedText.of(text) for text in document.texts if text.text.strip())
    return Packed(document.source, publication_key(record), digest_of(record), record, pack_record(record), texts)
