"""The sets written by hand are well-formed, many enough, and stand on nothing that gold stands on.

The texts themselves are not in the project: what needs them is tried where ``shared/data`` is beside the checkout.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from dokhae.library import folder
from dokhae.study import Study
from tests.shared import shared_data
from tests.tiny_models import tokenizer
from training import collection, corpus, lines
from training.build_reader import PARTS, QUESTIONS, entries_of
from training.pairs import TITLES
from training.patents import hand_written

ENTRIES = hand_written(QUESTIONS.glob("*.jsonl"))
ASKED = [(entry, question) for entry in ENTRIES for question in entry["questions"]]
KINDS = {
    "number", "mechanism", "material", "place", "other", "reason", "purpose", "condition", "step", "comparison",
    "definition", "process",
}  # fmt: skip
FIELDS = {"problem", "solution", "effect", "field", "application", "cause", "material", "process", "parts"}
ABSTRACT_CHARS = 2_500  # no Korean abstract of the sets is longer, no full text shorter
US_TEXT = "us:"
# Texts of two scans, read by tesseract: another version of it reads other letters
N_SCANS = 2
# Three pairs of nearly equal abstracts were parted before anybody looked (training/README.md)
N_TWINS_APART = 3


def _ends(entry: lines.Line) -> list[int]:
    spans = [span for found in entry["fields"].values() for span in found]
    return [end for _, end in spans + [span for question in entry["questions"] for span in _spans(question)]]


def _spans(question: lines.Line) -> list[list[int]]:
    own = question["answers"] + question.get("also", [])
    return [*own, question["within"]] if "within" in question else list(own)


def share(name: str, n: int, of: int) -> float:
    print(f"{name}: {n} of {of}, {n / of:.1%}")
    return n / of


def test_there_are_questions_enough_on_patents_enough() -> None:
    korean = [entry for entry in ENTRIES if entry["lang"] == "ko"]
    n_full = sum(max(_ends(entry), default=0) > ABSTRACT_CHARS for entry in korean)
    print(
        f"{len(ASKED)} questions, {len(ENTRIES)} patents, Korean: {n_full} full texts, {len(korean) - n_full} abstracts"
    )
    assert len(ASKED) >= 1_500
    assert len(ENTRIES) >= 150
    assert n_full >= 20
    assert len(korean) - n_full >= 200


def test_about_a_third_is_asked_in_the_other_language_and_a_third_has_no_answer() -> None:
    n_crossing = sum(question["lang"] != entry["lang"] for entry, question in ASKED)
    n_silent = sum(not question["answers"] for _, question in ASKED)
    assert 0.30 <= share("asked in the other language", n_crossing, len(ASKED)) <= 0.50
    assert 0.25 <= share("without an answer", n_silent, len(ASKED)) <= 0.40


def test_every_entry_has_its_fields_and_nothing_of_the_text() -> None:
    for entry in ENTRIES:
        assert entry.keys() == {"digest", "number", "lang", "fields", "questions"}
        assert re.fullmatch("[0-9a-f]{32}", entry["digest"])
        assert entry["lang"] in ("ko", "en")
        assert entry["fields"].keys() <= FIELDS


def test_every_question_is_well_formed() -> None:
    for entry, question in ASKED:
        assert {"q", "lang", "kind", "answers"} <= question.keys() <= {"q", "lang", "kind", "answers", "also", "within"}
        assert 2 < len(question["q"].strip()) < 300, entry["digest"]
        assert question["kind"] in KINDS
        assert (question["lang"] == "ko") == bool(re.search("[가-힣]", question["q"])), question["q"]


def test_offsets_are_ordered_and_the_first_answer_lies_in_what_was_read() -> None:
    for entry, question in ASKED:
        spans = [span for found in entry["fields"].values() for span in found] + _spans(question)
        assert all(0 <= start < end for start, end in spans), entry["digest"]
        if question["answers"] and "within" in question:
            (start, end), (left, right) = question["answers"][0], question["within"]
            assert left <= start < end <= right, question["q"]


def test_a_text_is_in_one_entry_and_in_one_part() -> None:
    assert max(Counter(entry["digest"] for entry in ENTRIES).values()) == 1
    parts = [{entry["digest"] for entry in entries_of(part, ENTRIES)} for part in PARTS]
    assert sum(map(len, parts)) == len(set.union(*parts)) == len(ENTRIES)
    for part, found in zip(PARTS, parts, strict=True):
        share(part, len(found), len(ENTRIES))
        assert len(found) > 80


def test_titles_are_written_in_the_other_language() -> None:
    found = list(lines.read(QUESTIONS / TITLES))
    assert len({line["need"] for line in found}) == len(found) >= 1_000
    for line in found:
        is_english_text = line["id"].startswith(US_TEXT)
        assert all(line[name].strip() for name in ("title", "need", "same"))
        assert bool(re.search("[가-힣]", line["title"])) == is_english_text, line["title"]


# With the texts


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    """Every patent the sets may stand on, gold too, but for scans: reading letters off them takes minutes."""
    data = shared_data()
    path = tmp_path_factory.mktemp("training") / collection.STUDY
    path.mkdir()
    (path / "study.toml").write_text('[parse]\nocr = "off"\n')
    with Study.create(path) as made:
        made.add([data / "patents" / name for name in collection.SOURCES])
        yield made


@pytest.fixture(scope="module")
def excluded(study: Study) -> dict[str, set[str]]:
    """Digests and numbers of gold, its families and near-duplicates, found anew with today's program."""
    found = collection.excluded_of(study, collection.gold_patents(study.path, shared_data() / "gold"))
    return {name: set(values) for name, values in found.items()}


def test_gold_is_found_and_its_families_with_it(excluded: dict[str, set[str]]) -> None:
    gold = [line["id"] for name in collection.GOLD_FILES for line in lines.read(shared_data() / "gold" / name)]
    assert len(gold) <= len(excluded["digests"])
    assert {"KR101860633B1", "KR101910347B1"} <= excluded["numbers"]


def test_hardly_any_text_has_its_like_in_another_part(study: Study) -> None:
    part_of_digest = {entry["digest"]: part for part in PARTS for entry in entries_of(part, ENTRIES)}
    groups = [{twin.patent.text for twin in group} & part_of_digest.keys() for group in study.duplicates()]
    assert sum(len({part_of_digest[digest] for digest in group}) > 1 for group in groups) <= N_TWINS_APART


def test_no_hand_written_set_stands_on_gold(excluded: dict[str, set[str]]) -> None:
    assert {entry["digest"] for entry in ENTRIES} & excluded["digests"] == set()
    assert {entry["number"] for entry in ENTRIES} & excluded["numbers"] == set()
    assert {line["id"] for line in lines.read(QUESTIONS / TITLES)} & excluded["digests"] == set()


def test_no_text_of_the_corpus_is_gold(
    study: Study, excluded: dict[str, set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus, "passages", lambda text, tokens: [])
    with folder.open_to_read(study.path) as store:
        found = list(corpus.texts(store, tokenizer(), excluded["digests"]))
    assert len(found) > 2_000
    assert {line["digest"] for line in found} & excluded["digests"] == set()
    assert {line["number"] for line in found} & excluded["numbers"] == set()


def test_no_us_text_the_encoder_is_trained_on_is_gold(excluded: dict[str, set[str]]) -> None:
    gold = {found[1] for number in excluded["numbers"] if (found := re.match(r"US0*(\d+)", number))}
    assert gold
    for path in sorted((shared_data() / "patents" / "us_text").glob("*.jsonl.gz")):
        assert {line["number"].lstrip("0") for line in lines.read(path)} & gold == set()


def test_answers_are_where_todays_parsers_put_the_text(study: Study) -> None:
    known = {patent.text for patent in study.patents()}
    there = [entry for entry in ENTRIES if entry["digest"] in known]
    print(f"{len(there)} of {len(ENTRIES)} texts are there")
    assert len(ENTRIES) - len(there) <= N_SCANS
    with folder.open_to_read(study.path) as store:
        for entry in there:
            text = store.text(entry["digest"]).text
            spans = [span for found in entry["fields"].values() for span in found]
            spans += [
                span for question in entry["questions"] for span in question["answers"] + question.get("also", [])
            ]
            for start, end in spans:
                quote = text[start:end]
                assert len(quote) == end - start, (entry["digest"], start, end)
                assert quote == quote.strip(), (entry["digest"], start, end)
