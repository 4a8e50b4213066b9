"""Synthetic but plausible patents in real formats, with the truth beside them: for demos, tests and first steps.

In: a folder, a count, a seed.  Out, the same bytes for the same seed:

    OUT/patents/kr_gazette/*.pdf           Korean gazettes with text layer (2009-2014 and 2015 on)
    OUT/patents/us_grants.zip, us_grants/  USPTO grants, several in one file, in a zip and beside it
    OUT/patents/ep/*.xml                   EP publications
    OUT/patents/kipris/*.xml               KIPRIS Plus answers; some records have their gazette here too
    OUT/patents/tables/*.csv               a table export in cp949
    OUT/patents/broken/                    files that cannot be read
    OUT/truth.jsonl                        what a careful reader would mark, one patent a line

Every sentence, name and number is invented; what can be said stands in the TOML files beside this module.
Never writes into a folder that already holds a sample.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dokhae.errors import InputError, MissingExtra
from dokhae.sample import ep_document, records, us_grant
from dokhae.sample.broken import write_broken, zipped
from dokhae.sample.compose import Draft, compose
from dokhae.sample.plan import FORMS, MAX_PATENTS, Plan, plans

FORMATS = tuple(FORMS)
_RECORDS = ("kipris-xml", "table")
_JOINED_EVERY, _CUT_EVERY = 2, 5
_ZIPPED_BEFORE = 2019


@dataclass(frozen=True)
class Summary:
    """What was written.  files, patents: by format; records of applications counted elsewhere are in ``joined``."""

    folder: Path
    patents: Mapping[str, int]
    files: Mapping[str, int]
    joined: int
    broken: int
    truth: Path

    @property
    def n_patents(self) -> int:
        return sum(self.patents.values())


@dataclass
class _Writer:
    """Collects what goes where; each method writes one format."""

    out: Path
    patents: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)
    truth: list[str] = field(default_factory=list)

    def put(self, form: str, path: str, content: bytes) -> str:
        """Writes one file under ``patents/``; returns its path from the sample's folder."""
        place = self.out / "patents" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        self.files[form] += 1
        return f"patents/{path}"

    def told(self, draft: Draft, number: str, source: str) -> None:
        self.patents[draft.plan.form] += 1
        self.truth.append(draft.truth.line(draft.plan, number, source))

    def gazettes(self, drafts: Iterable[Draft]) -> None:
        from dokhae.sample.gazette import file_name, write_gazette

        folder = self.out / "patents" / "kr_gazette"
        for draft in drafts:
            folder.mkdir(parents=True, exist_ok=True)
            name = file_name(draft.plan)
            write_gazette(draft, folder / name)
            self.files["kr-pdf"] += 1
            self.told(draft, name.removesuffix(".pdf"), f"patents/kr_gazette/{name}")

    def us_grants(self, drafts: Sequence[Draft]) -> None:
        early = [d for d in drafts if d.plan.gazette_day.year < _ZIPPED_BEFORE]
        late = [d for d in drafts if d.plan.gazette_day.year >= _ZIPPED_BEFORE]
        for group, name in ((early, "us_grants.zip"), (late, "us_grants/ipg_late.xml")):
            if not group:
                continue
            content = us_grant.grants(group).encode("utf8")
            content = zipped({"ipg_early.xml": content}) if name.endswith(".zip") else content
            source = self.put("uspto-xml", name, content)
            for draft in group:
                self.told(draft, f"US-{draft.plan.grant}-B2", source)

    def ep_documents(self, drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            ucid = f"EP-{draft.plan.grant}-{ep_document.kind(draft.plan)}"
            source = self.put("patent-document", f"ep/{ucid}.xml", ep_document.document(draft).encode("utf8"))
            self.told(draft, ucid, source)

    def kipris(self, drafts: Sequence[Draft], joined: Sequence[Draft]) -> None:
        """Two answers, one of each shape; what lies here as a gazette too is shared out between them."""
        shown = [records.cut(d) if n % _CUT_EVERY == 0 else d for n, d in enumerate(drafts)]
        for lower_case in (False, True):
            own = shown[lower_case::2]
            both = [*own, *joined[lower_case::2]]
            if not both:
                continue
            name = "kipris/items.xml" if lower_case else "kipris/search.xml"
            source = self.put("kipris-xml", name, records.kipris_answer(both, lower_case=lower_case))
            for draft in own:
                self.told(draft, f"KR-{draft.plan.application}", source)

    def table(self, drafts: Sequence[Draft]) -> None:
        if drafts:
            source = self.put("table", "tables/search_cp949.csv", records.table(drafts))
            for draft in drafts:
                self.told(draft, f"KR-{draft.plan.application}", source)


def write(out: Path, *, count: int, seed: int = 0, formats: Sequence[str] = FORMATS) -> Summary:
    """Writes ``count`` patents of ``formats`` (kr-pdf, uspto-xml, patent-document, kipris-xml, table) into ``out``.

    Raises InputError (sample-count, sample-format, sample-exists) and MissingExtra (sample-needs-reportlab).
    """
    _check(out, count, formats)
    writer = _Writer(out)
    (out / "patents").mkdir(parents=True)
    drafts = [_draft(plan) for plan in plans(count, seed, formats)]
    of = {form: [d for d in drafts if d.plan.form == form] for form in FORMATS}
    writer.gazettes(of["kr-pdf"])
    writer.us_grants(of["uspto-xml"])
    writer.ep_documents(of["patent-document"])
    joined = of["kr-pdf"][::_JOINED_EVERY] if "kipris-xml" in formats else []
    writer.kipris(of["kipris-xml"], joined)
    writer.table(of["table"])
    whole_xml = records.kipris_answer(drafts[:3], lower_case=True).decode("utf8")
    broken = write_broken(out / "patents" / "broken", whole_xml, seed)
    truth = out / "truth.jsonl"
    truth.write_text("".join(line + "\n" for line in writer.truth), encoding="utf8", newline="\n")
    return Summary(out, dict(writer.patents), dict(writer.files), len(joined), broken, truth)


def _draft(plan: Plan) -> Draft:
    return compose(plan, full_text=plan.form not in _RECORDS)


def _check(out: Path, count: int, formats: Sequence[str]) -> None:
    if not 1 <= count <= MAX_PATENTS:
        raise InputError("sample-count", count=count, most=MAX_PATENTS)
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        raise InputError("sample-format", name=", ".join(unknown), known=", ".join(FORMATS))
    if (out / "patents").exists() or (out / "truth.jsonl").exists():
        raise InputError("sample-exists", path=out)
    if "kr-pdf" in formats:
        _need_reportlab()


def _need_reportlab() -> None:
    try:
        import reportlab  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise MissingExtra("sample-needs-reportlab") from error
