"""The figures of finished models on what was kept out of training, by the product's own measures.

    python -m training.figures --held-out FOLDER --models SET --out FIGURES.json [--limit N]

In: the files of ``training.held_out`` and the folder of ``training.model_set``.  Out: each figure with its 95 %
interval and how many it stands on, as ``dokhae models evaluate`` would print it.  Gold is not touched: it is measured
through the whole product (docs/models.md).
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from dokhae.models import catalog
from dokhae.models.evaluation import Figure, reading, retrieval, squad
from training import lines, options
from training.held_out import FILES, TITLES


def main() -> None:
    """Measures reader and encoder."""
    parser = options.parser(__doc__, "held-out", "models", "out")
    parser.add_argument("--limit", type=int, help="questions a set, spread evenly; all if not given")
    given = parser.parse_args()
    found = {f"reader {name}": of_reader(given.models, given.held_out / f"{name}.json", given.limit) for name in FILES}
    found["encoder titles"] = of_encoder(given.models, given.held_out / TITLES)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    write(found, given.out)


def of_reader(models: Path, path: Path, limit: int | None) -> list[Figure]:
    """EM and F1 on a question set."""
    questions = squad.load(path, limit=limit)
    answered = reading.answer(catalog.load_reader(models / "reader"), questions, _silent)
    return list(reading.figures(answered, reading.measure_for(questions)))


def of_encoder(models: Path, path: Path) -> list[Figure]:
    """Recall and nDCG on pairs."""
    return list(retrieval.figures(catalog.load_encoder(models / "encoder"), retrieval.load(path), _silent))


def write(figures: dict[str, list[Figure]], out: Path) -> None:
    """Says every figure and keeps it."""
    for name, found in figures.items():
        for one in found:
            interval = "" if one.low is None else f"  [{one.low:.3f}, {one.high:.3f}]"
            print(f"{name:24} {one.name:20} {one.value:.3f}{interval}  n={one.n}", flush=True)
    content = {name: [asdict(one) for one in found] for name, found in figures.items()}
    with lines.replaced(out) as unfinished:
        unfinished.write_text(json.dumps(content, indent=1), encoding="utf8")


def _silent(done: int, total: int) -> None:
    """Progress nobody watches."""


if __name__ == "__main__":
    main()
