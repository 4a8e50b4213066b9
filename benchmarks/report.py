"""The report at full size: time to write, size, peak memory, time until the page is ready.

    python benchmarks/report.py --rows 50000 --out /tmp/report [--browser chromium]

In: made-up rows, streamed.  Out: figures on standard output.  The page is opened from disk; "ready" counts from the
start of loading to the table drawn, as the page itself measures it.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from dokhae import report
from dokhae.insight import Row
from dokhae.library import Patent
from dokhae.parse.build import TextBuilder
from dokhae.reading.fields import load
from dokhae.reading.places import cite
from dokhae.report import ReportSettings
from dokhae.types import Answer, AnswerStatus, Biblio, Candidate, Number, Party, Role, SectionKind, Source, Status, Text

SENTENCES = (
    "종래의 카메라 모듈은 렌즈 구동부의 떨림이 크고 온도가 오르면 초점이 흐려지는 문제점이 있다.",
    "본 발명의 목적은 온도가 변해도 렌즈와 이미지 센서 사이의 거리가 유지되는 카메라 모듈을 제공하는 데 있다.",
    "본 발명에 따르면 판스프링의 폭을 줄여 구동 전류를 낮추고 소비 전력을 30% 절감할 수 있다.",
    "하우징의 측벽에는 위치 감지 센서가 배치되고 코일은 자석과 마주보도록 보빈에 감긴다.",
)
PARTS = ("하우징", "보빈", "코일", "자석", "판스프링", "이미지 센서", "적외선 필터", "기판")
FIELDS = load()


def text_of(rng: random.Random, n_paragraphs: int) -> Text:
    builder = TextBuilder(parser="benchmark")
    n = 0
    for kind in (SectionKind.problem, SectionKind.solution, SectionKind.effect, SectionKind.embodiments):
        builder.section(kind, str(kind))
        for _ in range(n_paragraphs // 4):
            n += 1
            builder.paragraph(" ".join(rng.choices(SENTENCES, k=3)), label=f"{n:04}")
    builder.section(SectionKind.claims, "청구범위")
    for n_claim in range(1, 9):
        builder.claim(n_claim, f"{', '.join(rng.sample(PARTS, 5))}을 포함하는 카메라 모듈.")
    return builder.finish()[0]


def answer_of(text: Text, field: str, rng: random.Random) -> Answer:
    if rng.random() < 0.1:
        return Answer(field, rng.choice((AnswerStatus.not_stated, AnswerStatus.no_source_text)))
    kinds = [SectionKind(field)] if field in ("problem", "solution", "effect") else [SectionKind.embodiments]
    section = text.of_kind(*kinds)[0]
    inside = [paragraph.span for paragraph in text.paragraphs if section.span.covers(paragraph.span)]
    return Answer(field, AnswerStatus.answered, (Candidate(cite(text, rng.choice(inside)), rng.random()),))


def row_of(i: int, texts: list[Text]) -> Row:
    rng = random.Random(i)
    text = texts[i % len(texts)]
    number = Number("KR", Role.grant, f"10{1_000_000 + i:07}", "B1")
    filed = date(2004, 1, 1) + timedelta(days=rng.randrange(7600))
    biblio = Biblio(
        titles=(("ko", f"온도 보상 구조를 갖는 카메라 모듈 {i}"),),
        application_date=filed,
        grant_date=filed + timedelta(days=700),
        applicants=(Party(f"주식회사 회사{rng.randrange(400)}", "KR"),),
        ipc=(f"H04N {rng.randrange(1, 30)}/225",),
        status=Status(rng.choice(("등록", "공개", "소멸")), ""),
    )
    answers = {field.id: answer_of(text, field.id, rng) for field in FIELDS}
    source = (Source(f"file{i}.xml"),)
    patent = Patent(
        i, i, i, number, (number,), "invention", biblio, text.digest, "ko", text.read_from, 8, 8, source
    )  # fmt: skip
    return Row(patent, text, answers)


def rows(n: int, texts: list[Text]) -> Iterator[Row]:
    return (row_of(i, texts) for i in range(1, n + 1))


def ready_ms(browser: str, index: Path) -> int | None:
    """How long the page took to be ready; None without a browser."""
    if shutil.which(browser) is None:
        return None
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        command += [f"--user-data-dir={profile}", "--dump-dom", index.resolve().as_uri()]
        shown = subprocess.run(command, capture_output=True, encoding="utf8", timeout=120, check=True).stdout
    found = re.search(r'data-ready-ms="(\d+)"', shown)
    return int(found[1]) if found else None


def peak_mb() -> str:
    """The most memory this process held; "?" where the system does not say (Windows)."""
    try:
        import resource
    except ImportError:
        return "?"
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--browser", default="chromium")
    options = parser.parse_args()
    texts = [text_of(random.Random(i), 60) for i in range(50)]
    stream = partial(rows, options.rows, texts)
    started_s = time.perf_counter()
    made = report.write(stream, options.out, settings=ReportSettings(lang="ko", title="benchmark"))
    seconds = time.perf_counter() - started_s
    print(f"rows {made.rows:,}  written in {seconds:.1f} s ({made.rows / seconds:,.0f}/s)  files {len(made.files):,}")
    print(f"folder {made.n_bytes / 1e6:,.0f} MB  text length {len(texts[0].text):,} characters")
    for name in ("index.html", "data/index.js", "data/cells.js", "patents.xlsx", "patents.csv"):
        print(f"  {name:15} {(made.folder / name).stat().st_size / 1e6:8.2f} MB")
    print(f"peak memory {peak_mb()} MB")
    print(f"page ready after {[ready_ms(options.browser, made.index) for _ in range(3)]} ms")


if __name__ == "__main__":
    main()
