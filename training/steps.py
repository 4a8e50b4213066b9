"""The steps of the training, what each reads and writes, and in which order.

In: where the data are, where the results go, and a recipe.  Out: ``Step`` values for ``training.pipeline``.  Never
runs anything.

A recipe (training/recipes/*.toml) says how reader and encoder are trained: stages of the reader, each begun from the
base or from an earlier one; which stages' weights are averaged; the encoder.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dokhae.reading.effort import EFFORTS
from training.build_reader import QUESTIONS
from training.collection import EXCLUDED, GOLD_FILES, SOURCES, STUDY
from training.corpus import TEXTS
from training.heads_sets import HELD, SAMPLES
from training.pairs import TITLES

ABOUT = Path(__file__).with_name("about.toml")
SHIPPED = Path(__file__).parent.parent / "src" / "dokhae" / "models" / "weights"
DEV = ("dev-squad", "dev-korquad", "dev-questions", "dev-rivals", "dev-fields")
SAMPLED = {"reader": "packed/questions.npz", "encoder": "pairs/corpus.npz"}  # of which sizes of activations are learned
_STAGE = {"name", "train", "epochs", "batch", "rate"}
_ENCODER = {"pairs", "epochs", "batch", "rate"}


@dataclass(frozen=True, slots=True)
class Step:
    """module: what runs, ``training.<module>``.  inputs, outputs: files and folders; where an input has changed it
    runs anew.
    """

    name: str
    module: str
    arguments: tuple[str, ...]
    inputs: tuple[Path, ...]
    outputs: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """One training of the reader.  start: the stage whose weights it begins with, "" for the base."""

    name: str
    train: tuple[str, ...]
    epochs: float
    batch: int
    rate: float
    start: str = ""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How reader and encoder are trained.  mean_of: the stages whose mean is the reader."""

    stages: tuple[Stage, ...]
    mean_of: tuple[str, ...]
    encoder: dict[str, Any]


def recipe_of(path: Path) -> Recipe:
    """The recipe in a file.

    Raises ValueError where a stage is incomplete or begins with one that does not come before it.
    """
    content = tomllib.loads(path.read_text(encoding="utf8"))
    known: set[str] = set()
    stages = []
    for stage in content["reader"]:
        if not stage.keys() >= _STAGE or not {stage.get("start", "")} <= known | {""}:
            raise ValueError(
                f"{path.name}: the stage {stage} lacks one of {sorted(_STAGE)}, or begins with a later one"
            )
        known.add(stage["name"])
        stages.append(Stage(**{**stage, "train": tuple(stage["train"])}))
    if not set(content["mean"]["of"]) <= known or content["encoder"].keys() != _ENCODER:
        raise ValueError(f"{path.name}: [mean] names an unknown stage, or [encoder] has not exactly {sorted(_ENCODER)}")
    return Recipe(tuple(stages), tuple(content["mean"]["of"]), content["encoder"])


def steps(data: Path, out: Path, recipe: Recipe) -> list[Step]:
    """Every step, each after those whose results it reads."""
    return [
        *_texts(data, out),
        *_sets(data, out),
        *_reader(out, recipe),
        *_encoder(out, recipe),
        *_models(data, out),
        *_figures(data, out),
    ]


def _step(
    module: str, options: dict[str, Any], inputs: Iterable[Path], outputs: Iterable[Path], name: str = ""
) -> Step:
    return Step(name or module, module, tuple(_arguments(options)), tuple(inputs), tuple(outputs))


def _arguments(options: dict[str, Any]) -> Iterator[str]:
    for name, value in options.items():
        if value is True:
            yield f"--{name}"
        elif value is not False and value is not None:
            yield f"--{name}"
            yield from map(str, value if isinstance(value, list | tuple) else [value])


def _texts(data: Path, out: Path) -> Iterator[Step]:
    """Base weights, patents, vocabulary."""
    base, corpus, counted, words = out / "base", out / "corpus", out / "counted", out / "words"
    based = [base / "base.npz", base / "tokenizer.json"]
    yield _step("base", {"out": base}, [], based)
    sources = [data / "patents" / name for name in SOURCES]
    gold = [data / "gold" / name for name in GOLD_FILES]
    yield _step(
        "collection",
        {"patents": data / "patents", "gold": data / "gold", "out": corpus},
        [*sources, *gold],
        [corpus / EXCLUDED, corpus / STUDY / "library.db"],
    )
    yield _step(
        "counted",
        {"data": data, "corpus": corpus, "out": counted},
        [corpus / EXCLUDED, data / "mrc", data / "parallel.zip", data / "patents" / "us_text"],
        [counted / "patents.txt"],
    )
    pruned = [words / "pruned.npz", words / "tokenizer.json"]
    options = {"base": base, "texts": counted, "known": SHIPPED / "words" / "tokenizer.json", "out": words}
    yield _step("vocabulary", options, [*based, counted, options["known"]], pruned)
    yield _step(
        "corpus", {"words": words, "corpus": corpus}, [corpus / EXCLUDED, words / "tokenizer.json"], [corpus / TEXTS]
    )


def _sets(data: Path, out: Path) -> Iterator[Step]:
    """What reader and encoder are trained on, packed."""
    options = {"data": data, "words": out / "words", "corpus": out / "corpus"}
    texts = [out / "corpus" / TEXTS, out / "words" / "tokenizer.json", data / "mrc"]
    questions = sorted(QUESTIONS.glob("*.jsonl"))
    packed, pairs = out / "packed", out / "pairs"
    static = SHIPPED / "static"
    inputs = [*texts, *questions, static]
    yield _step("build_reader", {**options, "static": static, "out": packed}, inputs, [packed / "weak.npz"])
    more = [*questions, QUESTIONS / TITLES, data / "parallel.zip", data / "patents" / "us_text"]
    yield _step("pairs", {**options, "out": pairs}, [*texts, *more], [pairs / "squad.npz"])


def _reader(out: Path, recipe: Recipe) -> Iterator[Step]:
    pruned = out / "words" / "pruned.npz"
    dev = [out / "packed" / f"{name}.npz" for name in DEV]
    for stage in recipe.stages:
        own = _stage_folder(out, stage.name)
        start = _stage_folder(out, stage.start) / "reader.pt" if stage.start else None
        train = [out / "packed" / f"{name}.npz" for name in stage.train]
        options = {"pruned": pruned, "train": train, "dev": dev, "start": start, "out": own}
        options |= {"epochs": stage.epochs, "batch": stage.batch, "rate": stage.rate}
        inputs = [pruned, *dict.fromkeys(train), *([start] if start else [])]
        yield _step("reader", options, inputs, [own / "reader.pt"], f"reader-{stage.name}")
    weights = [_stage_folder(out, name) / "reader.pt" for name in recipe.mean_of]
    mean, finished, packed = out / "mean" / "reader.pt", out / "reader" / "reader.pt", out / "packed"
    yield _step("mean", {"weights": weights, "out": mean}, weights, [mean])
    sets = [packed / f"{name}.npz" for name in (*SAMPLES, *HELD)]
    options = {"weights": mean, "pruned": pruned, "packed": packed, "out": finished}
    yield _step("heads", options, [mean, pruned, *sets], [finished])


def _stage_folder(out: Path, stage: str) -> Path:
    return out / f"reader-{stage}"


def _encoder(out: Path, recipe: Recipe) -> Iterator[Step]:
    pruned, own = out / "words" / "pruned.npz", out / "encoder"
    pairs = [out / "pairs" / f"{name}.npz" for name in recipe.encoder["pairs"]]
    options = {"pruned": pruned, **recipe.encoder, "pairs": pairs, "out": own}
    yield _step("encoder", options, [pruned, *dict.fromkeys(pairs)], [own / "encoder.pt"])


def _models(data: Path, out: Path) -> Iterator[Step]:
    """From weights to the folder of models."""
    bodies = [out / "onnx" / kind / "model.onnx" for kind in ("reader", "encoder")]
    for kind, body in zip(("reader", "encoder"), bodies, strict=True):
        weights = out / kind / f"{kind}.pt"
        pruned, sample = out / "words" / "pruned.npz", SAMPLED[kind]
        options = {"kind": kind, "weights": weights, "pruned": pruned, "sample": out / sample, "out": body.parent}
        yield _step("onnx_files", options, [weights, out / sample], [body], f"onnx-{kind}")
    words, first, cache, static = out / "words", out / "bodies", out / "static-texts", out / "static"
    inputs = [words / "pruned.npz", *bodies, ABOUT]
    options = {"words": words, "reader": bodies[0].parent, "encoder": bodies[1].parent, "about": ABOUT}
    # Static vectors learn from the encoder as the product runs it: from a set without them
    yield _step("model_set", {**options, "out": first}, inputs, [first / "encoder"], "bodies")
    yield _step(
        "static_texts",
        {"data": data, "corpus": out / "corpus", "models": first, "out": cache},
        [first / "encoder", first / "words", out / "corpus" / TEXTS, *sorted(QUESTIONS.iterdir())],
        [cache / "vectors.npz"],
    )
    vectors = static / "project.npz"
    yield _step("static", {"cache": cache, "models": first, "out": static}, [cache], [vectors])
    options |= {"static": vectors, "out": out / "set"}
    yield _step("model_set", options, [*inputs, vectors], [out / "set" / "static"], "set")


def _figures(data: Path, out: Path) -> Iterator[Step]:
    """How good the models are, and how sure their answers."""
    corpus, models, held_out, calibration = (out / name for name in ("corpus", "set", "held-out", "calibration"))
    texts = corpus / TEXTS
    options = {"data": data, "corpus": corpus, "out": held_out}
    yield _step("held_out", options, [data / "mrc", texts], [held_out / "titles.jsonl"])
    options = {"held-out": held_out, "models": models, "out": out / "figures.json"}
    yield _step("figures", options, [held_out, models], [out / "figures.json"])
    inputs = [models, texts, *sorted(QUESTIONS.glob("*.jsonl"))]
    for effort in EFFORTS:
        fit: dict[str, Any] = {"corpus": corpus, "models": models, "effort": effort}
        chosen, fitted = (calibration / f"{name}_{effort}.toml" for name in ("selection", "calibration"))
        yield _step("selector", {**fit, "out": chosen}, inputs, [chosen], f"selector-{effort}")
        fit |= {"cache": calibration / f"read_{effort}.jsonl", "out": fitted}
        yield _step("calibrate", fit, inputs, [fitted], f"calibrate-{effort}")
    fitted = calibration / "among.toml"
    fit = {"corpus": corpus, "cache": calibration / "among.jsonl", "out": fitted}
    yield _step("among", fit, inputs, [fitted])
    fitted = calibration / "combination.toml"
    options = {"corpus": corpus, "models": models, "cache": calibration / "fields.jsonl", "out": fitted}
    yield _step("combine", options, inputs, [fitted])
