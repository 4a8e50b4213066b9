"""Training without its data: packing, negatives, offsets, vocabulary, steps."""

from __future__ import annotations

import doctest
import gzip
import importlib
import json
import random
import struct
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from tests.tiny_models import PIECES, tokenizer
from training import base, build_reader, collect, corpus, examples, lines, mrc, pairs, patents, pipeline, vocabulary
from training.examples import MAX_PASSAGE, QUESTION, STRIDE, Example
from training.fields import FIELDS
from training.steps import DEV, Recipe, Stage, Step, recipe_of, steps

TINY = tokenizer()
NAUGHTY = st.text(alphabet=st.sampled_from("ab 가é\u0301λ㎛ﬁ①\x01\n\t\u200b𝑥½</s>"), max_size=60)
RECIPES = sorted(pipeline.RECIPES.glob("*.toml"))


@pytest.mark.parametrize("name", ["collect", "examples", "vocabulary"])
def test_examples_in_the_docstrings_hold(name: str) -> None:
    tried = doctest.testmod(importlib.import_module(f"training.{name}"))
    assert tried.attempted > 0
    assert tried.failed == 0


# Packing


def packed(found: list[Example], folder: Path) -> examples.Arrays:
    examples.pack(found, TINY, folder / "set.npz")
    return examples.load(folder / "set.npz")


def test_a_packed_answer_reads_back_as_the_answer(tmp_path: Path) -> None:
    passage = "the lens moves 1.5 mm the sensor moves"
    start = passage.index("1.5 mm")
    arrays = packed([Example("what moves", passage, ((QUESTION, start, start + 6),), 1)], tmp_path)
    (first_token, n_question, _, known, source, group), (_, head, first, last) = arrays.rows[0], arrays.labels[0]
    ids = arrays.tokens[first_token + n_question + first : first_token + n_question + last + 1]
    assert [PIECES[id_] for id_ in ids] == ["▁1.5", "▁mm"]
    assert (known, source, group, head) == (1 << QUESTION, 1, examples.NO_GROUP, QUESTION)


def test_a_passage_without_its_answer_is_packed_with_the_head_known_and_no_label(tmp_path: Path) -> None:
    arrays = packed([Example("what moves", "the lens", (), 1)], tmp_path)
    assert arrays.rows[0, 3] == 1 << QUESTION
    assert len(arrays.labels) == 0


@settings(max_examples=60, deadline=None)
@given(n_tokens=st.integers(1, 1200), data=st.data())
def test_no_span_is_lost_that_fits_where_windows_overlap(n_tokens: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, n_tokens - 1))
    last = data.draw(st.integers(first, min(n_tokens - 1, first + MAX_PASSAGE - STRIDE - 1)))
    found = list(examples.windows(n_tokens, [(QUESTION, first, last)], random.Random(1)))
    assert any(window.spans for window in found)
    for window in found:
        for _, inner_first, inner_last in window.spans:
            assert (window.start + inner_first, window.start + inner_last) == (first, last)
        is_touched = first < window.end and last >= window.start
        assert bool(window.spans) == is_touched, "a window that cuts the span cannot say where it is"


@settings(max_examples=80, deadline=None)
@given(passage=NAUGHTY, data=st.data())
def test_labels_lie_in_their_passage_whatever_the_text(
    passage: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    start = data.draw(st.integers(0, len(passage)))
    end = data.draw(st.integers(start, len(passage)))
    example = Example("what", passage, ((QUESTION, start, end),), 1)
    arrays = packed([example, Example("what", "the lens", (), 1)], tmp_path_factory.mktemp("packed"))
    for row, _, first, last in arrays.labels:
        assert 0 <= first <= last < arrays.rows[row, 2]


def test_sets_joined_keep_their_labels_and_never_share_a_group(tmp_path: Path) -> None:
    one = packed([Example("what", "the lens", ((QUESTION, 4, 8),), 1, group=0)], tmp_path)
    both = examples.join([one, one])
    assert both.rows[:, 5].tolist() == [0, 1]
    assert both.labels[:, 0].tolist() == [0, 1]
    assert both.rows[1, 0] == len(one.tokens)


# Question sets of others


def squad_file(folder: Path) -> Path:
    """Two articles of four paragraphs each, in SQuAD's format."""
    tree = {"data": [{"title": title, "paragraphs": _paragraphs(title)} for title in ("Lenses", "Pumps")]}
    path = folder / "set.json.gz"
    path.write_bytes(gzip.compress(json.dumps(tree).encode()))
    return path


def _paragraphs(title: str) -> list[dict[str, Any]]:
    found = []
    for n, (maker, year) in enumerate((("Abbe", 1872), ("Zeiss", 1890), ("Schott", 1884), ("Leitz", 1869))):
        context = f"The {title} of {maker} were first made in {year} and sold."
        question = f"When were the {title} of {maker} made in {year}?"
        # Every second offset is a little wrong, as in files whose texts were normalised
        answer = {"text": str(year), "answer_start": context.index(str(year)) - 3 * (n % 2)}
        found.append({"context": context, "qas": [{"question": question, "answers": [answer]}]})
    return found


def test_an_answer_is_found_where_its_offset_is_a_little_wrong(tmp_path: Path) -> None:
    for article in mrc.articles(squad_file(tmp_path)):
        for paragraph in article.paragraphs:
            ((_, ((start, end),)),) = paragraph.questions
            assert paragraph.context[start:end].isdigit()


def test_a_question_without_answer_is_put_to_another_paragraph_or_asks_for_what_its_own_does_not_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mrc, "_OTHER_PARAGRAPH", 1.0)
    monkeypatch.setattr(mrc, "_EXCHANGED", 1.0)
    found = list(mrc.examples(squad_file(tmp_path), 1, seed=1, held_out=0))
    own = {example.question: example.passage for example in found if example.spans}
    silent = [example for example in found if not example.spans]
    assert len(own) == 8
    assert len(silent) == 16
    for example in silent:
        if example.question in own:
            assert example.passage != own[example.question]
        else:
            asked = [word for word in example.question.rstrip("?").split() if word.isdigit() or word.istitle()]
            assert not all(word in example.passage for word in asked[1:])


def test_the_same_seed_makes_the_same_examples(tmp_path: Path) -> None:
    path = squad_file(tmp_path)
    assert list(mrc.examples(path, 1, seed=4, held_out=0)) == list(mrc.examples(path, 1, seed=4, held_out=0))


def test_a_group_holds_one_question_with_its_own_paragraph_and_three_others(tmp_path: Path) -> None:
    found = list(mrc.grouped_examples(squad_file(tmp_path), 1, seed=1, n=8, held_out=0))
    for group in range(8):
        own = [example for example in found if example.group == group]
        assert len({example.question for example in own}) == 1
        assert len({example.passage for example in own}) == 4
        assert sum(bool(example.spans) for example in own) == 1


def test_an_article_is_trained_on_or_measured_on_never_both(tmp_path: Path) -> None:
    path = squad_file(tmp_path)
    trained = {example.passage for example in mrc.examples(path, 1, seed=1, held_out=0.5)}
    measured = {example.passage for example in mrc.held_out_examples(path, 1, 0.5)}
    assert not trained & measured
    assert {p.context for article in mrc.articles(path) for p in article.paragraphs} == trained | measured


# Patents

TEXT = "Lens unit\nThe lens moves by a coil. The coil is of copper.\nThe sensor is cooled by air."
PATENT = patents.of_line(
    {
        "digest": "d" * 32,
        "lang": "en",
        "text": TEXT,
        "passages": [["title", "en", 0, 9], ["abstract", "en", 10, 58], ["effect", "en", 59, 87]],
        "weak": {"problem": [[10, 35, 0.9]], "solution": [[36, 58, 0.2]]},
    }
)


def _entry(**asked: Any) -> dict[str, Any]:
    question = {"q": "What is the coil made of?", "lang": "en", "kind": "material", "answers": [[51, 57]]} | asked
    return {"digest": PATENT.digest, "fields": {"effect": [[59, 86]]}, "questions": [question]}


def test_a_hand_written_question_is_put_to_its_passage_and_to_others_of_its_patent() -> None:
    found = list(patents.question_examples([_entry()], {PATENT.digest: PATENT}, patents.Asking(patents.FEW)))
    answered = [example for example in found if example.spans]
    assert [[example.passage[a:b] for _, a, b in example.spans] for example in answered] == [["copper"]]
    assert {example.group for example in found} == {0}
    assert len(found) == 3


def test_a_passage_where_the_answer_also_stands_is_neither_right_nor_wrong() -> None:
    found = patents.question_examples([_entry(also=[[63, 69]])], {PATENT.digest: PATENT}, patents.Asking(patents.FEW))
    assert "The sensor is cooled by air." not in {example.passage for example in found}


def test_nothing_is_said_of_passages_outside_the_piece_that_was_read() -> None:
    found = patents.question_examples(
        [_entry(answers=[], within=[0, 58])], {PATENT.digest: PATENT}, patents.Asking(patents.FEW)
    )
    assert {example.passage for example in found} == {TEXT[:9], TEXT[10:58]}


def test_a_field_marked_by_hand_is_read_with_its_section_told_and_asked_for() -> None:
    found = list(patents.field_examples([_entry()], {PATENT.digest: PATENT}, seed=1))
    (asked,) = [example for example in found if example.known == (0,) and example.spans]
    (read,) = [example for example in found if example.known != (0,) and example.spans]
    assert read.question in {"", "effect: Lens unit"}
    assert asked.passage[asked.spans[0][1] : asked.spans[0][2]] == "The sensor is cooled by air"
    assert [head for head, _, _ in read.spans] == [FIELDS.index("effect") + 1]


def test_only_what_headings_made_sure_is_taught() -> None:
    found = list(patents.weak_examples([PATENT], set(), seed=1))
    taught = {example.passage[a:b] for example in found for _, a, b in example.spans}
    assert taught == {"The lens moves by a coil."}
    assert list(patents.weak_examples([PATENT], {PATENT.digest}, seed=1)) == []


# Quotes -> offsets


def test_a_quote_is_placed_across_line_breaks_first_where_it_was_read() -> None:
    text = "가열 온도 60 ℃.\n가열\n온도 60 ℃."
    inside = collect.Squeezed.of(text, (12, len(text)))
    places = collect.place("온도 60 ℃", inside)
    assert [text[start:end] for start, end in places] == ["온도 60 ℃", "온도 60 ℃"]
    assert places[0][0] > 12 > places[1][0]
    assert collect.place("온도 70 ℃", inside) == []
    assert collect.place(" ", inside) == []


@given(text=st.text(alphabet="ab \n가", min_size=1, max_size=40), data=st.data())
def test_every_place_of_a_quote_holds_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    quote = text[start : data.draw(st.integers(start + 1, len(text)))]
    places = collect.place(quote, collect.Squeezed.of(text))
    letters = "".join(quote.split())
    assert bool(places) == bool(letters)
    for left, right in places:
        assert "".join(text[left:right].split()) == letters
        assert text[left:right] == text[left:right].strip()


def test_a_short_answer_elsewhere_is_noted_and_a_long_one_is_as_good() -> None:
    text = "60 ℃ is the temperature of the bath. 60 ℃ is the temperature of the bath."
    squeezed = collect.Squeezed.of(text)
    short, long, none = (
        collect.question_of({"q": "?", "q_lang": "en", "answers": [answer]}, squeezed) or {}
        for answer in ("60 ℃", "the temperature of the bath", "70 ℃")
    )
    assert (short["answers"], short["also"]) == ([(0, 4)], [(37, 41)])
    assert (len(long["answers"]), "also" in long) == (2, False)
    assert none == {}


# Base weights and vocabulary


def base_file(floats: np.ndarray[Any, Any], blocks: np.ndarray[Any, Any]) -> bytes:
    """A file of the base's format with one tensor of each kind."""
    head = b"E5S1" + bytes(4 + 4 * 9) + struct.pack("<5iQ", 1, 0, 0, 0, 0, 2) + bytes(4 * 2 + 4) + b"ab"
    head += struct.pack("<iI", 0, 3) + b"xyz" + struct.pack("<i", 2)
    names = ("norm", floats, 0), ("matrix", blocks, 1)
    at = len(head) + sum(2 + len(name) + struct.calcsize("<BIQQ") for name, _, _ in names)
    table, stored = b"", b""
    for name, values, kind in names:
        data = values.tobytes()
        table += struct.pack("<H", len(name)) + name.encode()
        table += struct.pack("<BIQQ", kind, values.size, at + len(stored), len(data))
        stored += data
    return head + table + stored


def test_base_weights_are_read_from_their_format() -> None:
    floats = np.array([1.5, -2.0], dtype="<f4")
    block = np.frombuffer(np.float16(0.5).tobytes() + bytes([0x98] * 16), dtype=np.uint8)[None, :]
    found = base.tensors(base_file(floats, block))
    assert found["norm"].tolist() == [1.5, -2.0]
    # The low nibble, 8, is 0; the high one, 9, is 1; times the scale
    assert base.matrix(found["matrix"], 32).tolist() == [[0.0] * 16 + [0.5] * 16]


def test_a_file_of_another_format_is_named_so() -> None:
    with pytest.raises(SystemExit, match="b'GGUF', expected b'E5S1'"):
        base.tensors(b"GGUF" + bytes(100))


def test_a_pruned_vocabulary_splits_text_of_kept_pieces_as_before() -> None:
    description = json.loads(TINY.to_str())
    kept = [
        at for at, piece in enumerate(PIECES) if at < 4 or piece in ("▁", "▁lens", "▁the", "l", "e", "n", "s", "t", "h")
    ]
    pruned = Tokenizer.from_str(json.dumps(vocabulary.prune(description, kept)))
    for text in ("the lens", "lens the hen", "</s> tent"):
        assert pruned.encode(text).tokens == TINY.encode(text).tokens
    assert pruned.get_vocab_size() == len(kept)


def test_pieces_in_use_specials_and_korean_are_kept() -> None:
    description = {
        "model": {"vocab": [[piece, 0.0] for piece in ("<s>", "<pad>", "</s>", "<unk>", "▁a", "▁bc", "▁가", "ж")]}
    }
    counts = Counter({4: 2, 5: 1})
    assert vocabulary.kept_pieces(description, counts) == [0, 1, 2, 3, 4, 6]


def test_word_vectors_follow_their_pieces(tmp_path: Path) -> None:
    width, n_pieces = 64, 6
    blocks = np.arange(n_pieces * width // 32, dtype=np.uint8)[:, None].repeat(base.BLOCK_BYTES, axis=1)
    arrays: dict[str, Any] = {"emb.word": blocks, "emb.ln.w": np.zeros(width, np.float32)}
    np.savez(tmp_path / "base.npz", **arrays)
    vocabulary.prune_weights(tmp_path / "base.npz", [1, 4], tmp_path / "pruned.npz")
    with np.load(tmp_path / "pruned.npz") as pruned:
        assert pruned["emb.word"][:, 0].tolist() == [2, 3, 8, 9]


# Pipeline


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_every_step_reads_what_is_given_or_made_before_it(path: Path) -> None:
    data, out = Path("/data"), Path("/out")
    made: list[Path] = []
    for step in steps(data, out, recipe_of(path)):
        for needed in step.inputs:
            is_given = needed.is_relative_to(data) or needed.is_relative_to(pipeline.ROOT)
            assert is_given or any(one.is_relative_to(needed.parent) or needed == one for one in made), (
                step.name,
                needed,
            )
        made += step.outputs


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_recipes_name_sets_that_are_packed(path: Path) -> None:
    recipe = recipe_of(path)
    sets = build_reader.question_sets(Path()) | build_reader.patent_sets({})
    assert {name for stage in recipe.stages for name in stage.train} | set(DEV) <= sets.keys()
    assert set(recipe.encoder["pairs"]) <= pairs.pair_sets(Path(), {}, {}).keys()
    assert not any(name.startswith("dev-") for stage in recipe.stages for name in stage.train)


def test_a_recipe_whose_stage_begins_with_a_later_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "odd.toml"
    path.write_text('[[reader]]\nname = "a"\nstart = "b"\ntrain = []\nepochs = 1\nbatch = 1\nrate = 1.0\n')
    with pytest.raises(ValueError, match=r"odd\.toml.*begins with a later one"):
        recipe_of(path)


def test_every_step_is_a_module() -> None:
    recipe = Recipe((Stage("a", ("squad",), 1, 1, 1e-4),), ("a",), {"pairs": [], "epochs": 1, "batch": 1, "rate": 1e-4})
    folder = Path(pipeline.__file__).parent
    missing = {step.module for step in steps(Path(), Path(), recipe) if not (folder / f"{step.module}.py").exists()}
    assert missing == set()


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_every_step_takes_the_options_it_is_given(path: Path) -> None:
    folder = Path(pipeline.__file__).parent
    shared = (folder / "course.py").read_text("utf8")
    for step in steps(Path("/data"), Path("/out"), recipe_of(path)):
        source = (folder / f"{step.module}.py").read_text("utf8") + shared * (step.module in ("reader", "encoder"))
        options = [argument.removeprefix("--") for argument in step.arguments if argument.startswith("--")]
        missing = [name for name in options if f'"{name}"' not in source and f'"--{name}"' not in source]
        assert missing == [], step.name


@pytest.fixture
def step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Step:
    """A step that copies its input."""
    source, copy = tmp_path / "in.txt", tmp_path / "out.txt"
    source.write_text("one")

    def told(step: Step, write: Any) -> int:
        write("copied\n")
        copy.write_text(source.read_text())
        return 0

    monkeypatch.setattr(pipeline, "_told", told)
    return Step("copy", "copying", ("--fast",), (source,), (copy,))


def test_a_finished_step_is_skipped_until_input_output_or_command_change(step: Step, tmp_path: Path) -> None:
    assert not pipeline.is_done(step, tmp_path)
    assert pipeline.run(step, tmp_path)
    assert pipeline.is_done(step, tmp_path)
    assert (tmp_path / "logs" / "copy.log").read_text() == "copied\n"
    assert not pipeline.is_done(Step("copy", "copying", (), step.inputs, step.outputs), tmp_path)
    step.inputs[0].write_text("two")
    assert not pipeline.is_done(step, tmp_path)
    assert pipeline.run(step, tmp_path)
    step.outputs[0].unlink()
    assert not pipeline.is_done(step, tmp_path)


def test_a_step_that_fails_is_not_done(step: Step, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline.run(step, tmp_path)
    monkeypatch.setattr(pipeline, "_told", lambda step, write: 1)
    assert not pipeline.run(step, tmp_path)
    assert not pipeline.is_done(step, tmp_path)


def test_a_file_broken_off_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    lines.write(path, [{"n": 1}])
    with pytest.raises(ZeroDivisionError):
        lines.write(path, ({"n": 1 // n} for n in (1, 0)))
    assert list(lines.read(path)) == [{"n": 1}]


def test_passages_of_the_corpus_leave_out_what_is_not_read() -> None:
    assert {"reference_signs", "amendment"} <= {kind.value for kind in corpus.UNREAD}
