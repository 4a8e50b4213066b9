"""``Study``: what every door calls.  Each command of the command line is one method here.

In: a folder, files, questions.  Out: the frozen records of ``results``.  The methods are thin: they connect rooms and
decide nothing.  A study opened reads; the first change makes it the one writer until it is closed.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol, Self

from dokhae import config, insight, report
from dokhae.engine import Engine, Progress
from dokhae.engine.processes import ProcessEngine
from dokhae.engine.serial import SerialEngine
from dokhae.errors import InputError, StudyBusy
from dokhae.insight.applicants import Applicants, Registry, applicants_of, registry
from dokhae.library import Patent, adding, folder, upgrading
from dokhae.library.checking import Checked
from dokhae.library.families import Families, Family
from dokhae.library.sketches import Sketches
from dokhae.library.sqlite_store import SqliteStore
from dokhae.library.upgrading import Upgraded
from dokhae.models import in_use
from dokhae.parse.files.units import find
from dokhae.reading import calibration, columns, comprehension, learned
from dokhae.reading import fields as schemas
from dokhae.reading.effort import MANY, ONE, Effort
from dokhae.reading.fields import Field
from dokhae.reading.reply import Ways, reply
from dokhae.report import ReportSettings, into
from dokhae.screening import criteria as criteria_file
from dokhae.screening import own
from dokhae.screening import tree as class_tree
from dokhae.search.index import Index
from dokhae.study import asking, classing, duplicates, explaining, indexing, naming, reading, reviewed, runs, screening
from dokhae.study.duplicates import Twin
from dokhae.study.rates import column_kind
from dokhae.study.relations import relations
from dokhae.study.results import (
    AddedFiles,
    Analyzed,
    AskedAll,
    ClaimText,
    Classed,
    Explanation,
    Exported,
    JoinedList,
    Match,
    Matches,
    ReadTexts,
    Reply,
    Run,
    Screened,
    Shown,
    Why,
    name_of,
)
from dokhae.study.reviewing import Reviews
from dokhae.study.runs import Recorder
from dokhae.study.showing import Showing
from dokhae.types import Answer, Rejected, Text

__all__ = [
    "AddedFiles",
    "Analyzed",
    "AskedAll",
    "ClaimText",
    "Classed",
    "Explanation",
    "Exported",
    "JoinedList",
    "Match",
    "Matches",
    "ReadTexts",
    "Reply",
    "Run",
    "Screened",
    "Shown",
    "Steps",
    "Study",
    "Why",
    "name_of",
]


# A question is put to so many patents, however few answers are wanted: the index ranks patents, not answers.
_PATENTS_ASKED = 30


class Steps(Protocol):
    """Gives the progress of one step: "add", "read", "index", "duplicates" or "report"."""

    def __call__(self, step: str, /) -> AbstractContextManager[Progress]: ...


def _no_progress(done: int, total: int | None, /) -> None:
    """For callers who do not look."""


def _standard_output(form: str) -> IO[Any]:
    """Standard output as a format needs it: bytes for a workbook, text for the others."""
    return sys.stdout.buffer if form == "xlsx" else sys.stdout


def _silent(step: str, /) -> AbstractContextManager[Progress]:
    return nullcontext(_no_progress)


class Study:
    """One study folder.  Use it in a ``with``, or close it."""

    def __init__(self, path: Path, store: SqliteStore, settings: config.Config, *, is_writer: bool) -> None:
        self.path = path
        self.config = settings
        self._store = store
        self._is_writer = is_writer
        self._index: Index | None = None

    @classmethod
    def create(cls, path: str | Path, *, workers: int | None = None) -> Study:
        """The study in that folder, made if there is none, opened for writing.  Raises StudyBusy, StudyError."""
        place = folder.StudyFolder(Path(path))
        settings = config.load(place.settings, {"engine.workers": workers})
        store = folder.open_to_write(place.path, create=True)
        config.write_template(place.settings)
        registry.write_template(place.applicants)
        return cls(place.path, store, settings, is_writer=True)

    @classmethod
    def open(cls, path: str | Path, *, workers: int | None = None) -> Study:
        """An existing study.  Raises StudyError ``study-not-found`` and InputError for a wrong study.toml."""
        place = folder.StudyFolder(Path(path))
        store = folder.open_to_read(place.path)
        try:
            settings = config.load(place.settings, {"engine.workers": workers})
        except InputError:
            store.close()
            raise
        return cls(place.path, store, settings, is_writer=False)

    @staticmethod
    def check_files(files: Iterable[str | Path], out: str | Path) -> None:
        """Raises InputError ``path-missing`` or ``folder-empty`` before a new study is made of ``files`` in ``out``.

        A mistyped path leaves no study behind; an existing study says the same when it adds them.
        """
        if not Path(out).exists():
            find(tuple(files))

    @staticmethod
    def analyze(
        files: Iterable[str | Path],
        out: str | Path,
        *,
        fields: Sequence[str] = (),
        workers: int | None = None,
        lang: str = "en",
        steps: Steps = _silent,
    ) -> Analyzed:
        """Files in, finished study out: add, read, report.  Again = carry on, only what is new."""
        started_s = time.monotonic()
        files = tuple(files)
        Study.check_files(files, out)
        with Study.create(out, workers=workers) as study:
            with steps("add") as progress:
                added = study.add(files, progress=progress)
            with steps("read") as progress:
                read = study._read("analyze", fields, progress)
            with steps("index") as progress:
                study.catch_up(progress=progress)
            with steps("duplicates") as progress:
                study.duplicates(progress=progress)
            with steps("report"):
                index = study.report(lang=lang)
            example = next(study.patents(), None)
        return Analyzed(added, read, index, example, time.monotonic() - started_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Lets others write; a closed study is a folder of plain files."""
        if self._index is not None:
            self._index.close()
            self._index = None
        self._store.close()

    # -- changing -----------------------------------------------------------------------------------------------

    def add(self, files: Iterable[str | Path], *, progress: Progress = _no_progress) -> AddedFiles:
        """Parses files, folders and archives and keeps what they hold; what is known stays as it is."""
        started_s = time.monotonic()
        paths = tuple(str(path) for path in files)
        settings = self.config.parse
        counts = adding.add(self._writer(), paths, engine=self._engine(), progress=progress, settings=settings)
        return AddedFiles(counts, self._reasons(), time.monotonic() - started_s)

    def read(self, fields: Sequence[str] = (), *, progress: Progress = _no_progress) -> ReadTexts:
        """Answers the fields for every application not yet read.  fields: schemas by name or file (study.toml's)."""
        return self._read("read", fields, progress)

    def ask_all(
        self,
        question: str,
        *,
        name: str | None = None,
        wanted: columns.Wanted | None = None,
        limit: int = 10,
        progress: Progress = _no_progress,
    ) -> AskedAll:
        """Puts a question to every application, as a column of the study; what was asked before costs nothing.

        name: of the column.  wanted: a number, yes or no, or one of a list; words alone if None.  limit: how many of
        the surest answers are given back.  Stopped, it goes on with the rest.
        """
        place = folder.StudyFolder(self.path).columns
        record = self._recorder("ask --all")
        column = columns.asked(place, question, name, wanted, [field.id for field in self._standing()])
        asking.check(column, self.config.read.model)
        columns.keep(place, column)
        read = self._read_column(column, progress)
        read = replace(read, run=record.of_read(read, self._judged(), question=question, column=column.id))
        return asking.asked_all(self._showing(), column, read, limit=limit)

    def forget_column(self, name: str) -> None:
        """Takes a column and its answers out of the study; what people reviewed of it stays.  Raises InputError."""
        store = self._writer()
        columns.forget(folder.StudyFolder(self.path).columns, name)
        store.drop_answers(column_kind(name))

    def columns(self) -> tuple[Field, ...]:
        """The questions that were put to every application (columns.toml)."""
        return columns.of(folder.StudyFolder(self.path).columns)

    def reviews(self, *, to_write: bool = True) -> Reviews:
        """What people say about answers: what waits for a look, what was said, what is learned from it.

        to_write: as the one writer from now on.  Raises StudyBusy, StudyError before anybody has said anything.
        """
        return Reviews(self._writer() if to_write else self._store, self.fields(), self.config.read.model)

    def screen(self, criteria: str | Path, *, progress: Progress = _no_progress) -> Screened:
        """Decides about every application by the rules of a file (docs/screening.md); only what is new is decided."""
        means = screening.Means(self.fields(), self.config.read.model, self._judged())
        rules = criteria_file.load(criteria, [field.id for field in means.fields])
        store, record = self._writer(), self._recorder("screen")
        done = screening.screen_all(store, rules, self.catch_up(), self._engine(), means, progress=progress)
        record.of_screened(done, rules, Path(criteria).name)
        return done

    def classify(self, tree: str | Path, *, progress: Progress = _no_progress) -> Classed:
        """Puts every application into the classes of a table (docs/screening.md); only what is new is looked at."""
        classes = class_tree.load(tree)
        store, record = self._writer(), self._recorder("classify")
        model = self.config.read.model
        done = classing.class_all(store, classes, self.catch_up(), self._engine(), model, progress=progress)
        record.of_classed(done, classes, Path(tree).name)
        return done

    def remove(self, names: Iterable[str]) -> int:
        """Takes out what ``removable`` lists; returns how many patents.  Nothing is removed if a name is not known."""
        return self._writer().remove([patent.id for patent in self.removable(names)])

    def removable(self, names: Iterable[str]) -> tuple[Patent, ...]:
        """The patents ``remove`` would take out, by number, file name or text digest.

        The number of an application names all its publications, a file name with its suffix all that came from it.
        """
        named = (naming.all_named(self._store, name) for name in names)
        return tuple({patent.id: patent for patents in named for patent in patents}.values())

    @staticmethod
    def upgrade(path: str | Path, *, dry_run: bool = False) -> Upgraded:
        """A study of an older version becomes one of this one; a backup of its database stays beside it."""
        return upgrading.upgrade(Path(path), dry_run=dry_run)

    def catch_up(self, *, progress: Progress = _no_progress) -> Index:
        """The index of this study, brought up to its last change, deletions included."""
        if self._index is None:
            self._index = indexing.opened(folder.StudyFolder(self.path).lexical)
        indexing.catch_up(self._index, self._store, progress)
        return self._index

    # -- asking -------------------------------------------------------------------------------------------------

    def search(self, query: str, *, limit: int = 20) -> Matches:
        """The patents a query finds, best first (docs/query.md).  Raises InputError for a query it cannot read."""
        found = self._index_as_it_is().search(query, limit=limit)
        best = (Match(self._store.patent(hit.id), hit.score, hit.snippet, hit.why) for hit in found.hits)
        return Matches(tuple(best), found.total, found.read_as, found.warnings)

    def ask(self, question: str, of: str) -> Answer:
        """What one patent says to a question.  of: any of its numbers."""
        return self.reply(question, of).answer

    def reply(self, question: str, of: str) -> Reply:
        """``ask``, with the patent that was meant."""
        patent = self._patent(of)
        return self._reply(patent, question, self._ways(ONE))

    def why(self, question: str, of: str) -> Explanation:
        """Why one patent answers a question as it does: passages, candidates, words (docs/why.md).  Takes seconds."""
        return explaining.of_question(self._store, self._patent(of), question, self._ways(ONE))

    def why_fields(self, number: str, fields: Sequence[str] = ()) -> Iterator[Explanation]:
        """Why a patent has its answers to fields, one by one.  fields: ids; all that were read if none."""
        patent = self._patent(number)
        shown = self._showing().answers(patent.text, self._store.reviews_of(patent.text))
        return explaining.of_fields(self._store, patent, fields, self._ways(MANY), shown)

    def _ways(self, effort: Effort) -> Ways:
        """How questions are answered here, with so much read of a patent."""
        by = comprehension.in_force(self.config.read.model, effort)
        judged = learned.load(folder.StudyFolder(self.path).learned, by.reader.digest if by else "")
        return Ways(self.fields(), judged.taught(by), judged.together)

    def _reply(self, patent: Patent, question: str, ways: Ways) -> Reply:
        text = self._store.text(patent.text)
        found = reply(text, question, ways, category=patent.category)
        said = reviewed.shown({found.field: found}, self._store.reviews_of(patent.text), lambda: text)
        return Reply(patent, said[found.field])

    def ask_best(self, question: str, *, limit: int = 10) -> tuple[Reply, ...]:
        """What the applications that match a question best say to it: those that answer first, then by score."""
        if not question.strip():
            raise InputError("question-empty")
        hits = self._index_as_it_is().best(question, limit=max(limit, _PATENTS_ASKED), snippets=False).hits
        patents = [patent for hit in hits if (patent := self._store.patent(hit.id)).is_representative]
        ways = self._ways(MANY)
        replies = [self._reply(patent, question, ways) for patent in patents]
        return tuple(sorted(replies, key=lambda reply: (reply.evidence is None, -reply.answer.score)))[:limit]

    # -- looking ------------------------------------------------------------------------------------------------

    def patents(self) -> Iterator[Patent]:
        """Every publication, in the order of its last change; streamed."""
        return self._store.patents()

    def fields(self, names: Sequence[str] = ()) -> tuple[Field, ...]:
        """The fields of schemas by name or file; of study.toml and the columns where none is named."""
        own = {field.id: field for field in self._standing(names)}
        further = [] if names else [column for column in self.columns() if column.id not in own]
        return (*own.values(), *further)

    def show(self, number: str) -> Shown:
        """One patent by any of its numbers, with its text and answers."""
        patent = self._patent(number)
        text, reviews = self._store.text(patent.text), self._store.reviews_of(patent.text)
        answers = self._showing().answers(patent.text, reviews)
        said = own(answers, patent.application)
        order = [field.id for field in self.fields()]
        ranked = sorted(said.answers.values(), key=lambda a: order.index(a.field) if a.field in order else len(order))
        representative = self._store.publications_of(patent.application)[0]
        related = relations(self._store, patent, self.families())
        return Shown(patent, text, tuple(ranked), representative, related, reviews, said.verdict, said.classes)

    def claims(self, number: str) -> tuple[ClaimText, ...]:
        """The claims of one publication; by the number of an application, those of its latest grant."""
        text = self._store.text(naming.with_claims(self._store, self._patent(number), number).text)
        return tuple(ClaimText(claim, text.quote(claim.span)) for claim in text.claims)

    def text(self, number: str) -> Text:
        return self._store.text(self._patent(number).text)

    def rejected(self) -> Iterator[Rejected]:
        """Every file and record that gave nothing, and why."""
        return self._store.rejected()

    def settings(self) -> tuple[config.Setting, ...]:
        """Every setting, its value, and where that came from."""
        return self.config.settings()

    def runs(self) -> tuple[Run, ...]:
        """The card of every run that ended, the first one first."""
        return runs.load(folder.StudyFolder(self.path).runs)

    def card(self, *, by: str | None = None) -> insight.Card:
        """How the study came to be, counted.  by: "publication", "application" or "family"; study.toml's if None."""
        unit = self.config.report.by if by is None else insight.Unit(by)
        census = insight.Census(unit=unit, today=self.config.report.today)
        for row in self._rows():
            census.see(row)
        return census.insight(self.rejected(), near_duplicates=self._near_duplicates_known()).card

    def duplicates(self, *, progress: Progress = _no_progress) -> tuple[tuple[Twin, ...], ...]:
        """Groups of publications whose texts nearly agree, with the reason where one is known."""
        with closing(Sketches(folder.StudyFolder(self.path).sketches)) as sketches:
            duplicates.catch_up(sketches, self._store, self._engine(), progress)
            found = duplicates.groups(sketches, self._store, self.families())
            sketches.note_found(self._store.last_seq(), duplicates.n_unexplained(found))
        return found

    def _near_duplicates_known(self) -> int | None:
        """How many near-duplicates there are, if somebody looked since the last change."""
        place = folder.StudyFolder(self.path).sketches
        if not place.exists():
            return None
        with closing(Sketches(place)) as sketches:
            return sketches.found_at(self._store.last_seq())

    def families(self) -> Families:
        """Every application in its family, by the rule of study.toml (``report.family``)."""
        return self._store.families(self.config.report.family)

    def family_members(self) -> Iterator[tuple[Family, tuple[Patent, ...]]]:
        """Families of more than one application, the largest first, with the representatives of their members."""
        for family in self.families():
            if len(family.applications) > 1:
                yield family, tuple(self._store.publications_of(id_)[0] for id_ in family.applications)

    def applicants(self) -> Applicants:
        """Every applicant as written, its representative name (applicants.toml), and what may be one applicant."""
        return applicants_of(self._store.patents(), self._registry())

    def check(self) -> Checked:
        """Verifies texts, quotes, views, numbers, index and sketches; findings is empty for a sound study."""
        place = folder.StudyFolder(self.path)
        return indexing.checked(self._store, place.lexical, place.sketches)

    # -- handing on ---------------------------------------------------------------------------------------------

    def report(self, out: str | Path | None = None, *, lang: str = "en", by: str | None = None) -> Path:
        """Writes the report and returns the page to open.  by: what counts stand for; study.toml's if None."""
        place = folder.StudyFolder(self.path).report if out is None else Path(out)
        return report.write(self._rows, place, settings=self._shown_as(lang, by)).index

    def export(
        self,
        form: str,
        out: str | Path | None = None,
        *,
        with_text: bool = False,
        lang: str = "en",
        by: str | None = None,
        verdicts: Collection[str] = (),
    ) -> Exported:
        """Writes patents to one file: "jsonl", "xlsx" or "csv".  out: "-" for standard output.

        verdicts: only applications screened so, "valid", "noise" or "open"; all if empty.
        by: one row for each "publication", "application" or "family"; if None, jsonl holds every publication and the
        sheets what study.toml says.
        Only a file named by ``out`` is replaced; raises InputError ``export-file-exists`` for the default one.
        """
        path = self.path / "export" / f"patents.{form}" if out is None else out
        if out is None and os.path.lexists(path):
            raise InputError("export-file-exists", path=path)
        target = _standard_output(form) if path == "-" else path
        unit = "publication" if by is None and form == "jsonl" else by
        shown = self._shown_as(lang, unit)
        n_patents = report.export(
            partial(self._rows, frozenset(verdicts)), form, target, with_text=with_text, settings=shown
        )
        return Exported(str(path), n_patents)

    def export_into(
        self, listed: str | Path, out: str | Path | None = None, *, sheet: str | None = None, lang: str = "en"
    ) -> JoinedList:
        """Writes a copy of an analyst's list (XLSX) with our columns to the right of its own; joins by number.

        out: as for ``export``; never the list itself.  sheet: its name, else the first that lists patents.
        """
        source = Path(listed)
        path = self.path / "export" / source.name if out is None else Path(out)
        if out is None and os.path.lexists(path):
            raise InputError("export-file-exists", path=path)
        target = None if str(out) == "-" else path
        done = into.copy(source, self._rows, target, sheet=sheet, settings=self._shown_as(lang))
        return JoinedList(str(out) if target is None else str(path), done)

    # -- inside -------------------------------------------------------------------------------------------------

    def _writer(self) -> SqliteStore:
        """The store, as the one writer from now on."""
        if not self._is_writer:
            self._store.close()
            self._store = folder.open_to_write(self.path)
            self._is_writer = True
        return self._store

    def _index_as_it_is(self) -> Index:
        """The index for asking: caught up, unless another process is doing just that."""
        with suppress(StudyBusy):
            return self.catch_up()
        return indexing.opened(folder.StudyFolder(self.path).lexical) if self._index is None else self._index

    def _engine(self) -> Engine:
        settings = self.config.engine
        if settings.workers == 0:
            return SerialEngine()
        return ProcessEngine(settings.workers, settings.time_limit_s)

    def _recorder(self, command: str) -> Recorder:
        """Writes down what a run did that begins now; as the one writer."""
        place, workers = folder.StudyFolder(self.path).runs, getattr(self._engine(), "workers", 0)
        return Recorder(place, self._writer(), self.config, command, workers)

    def _standing(self, names: Sequence[str] = ()) -> tuple[Field, ...]:
        """The fields of schemas, by name or file; of study.toml where none is named.  A later schema's field wins."""
        chosen = names or self.config.read.fields
        return tuple({field.id: field for name in chosen for field in schemas.load(name)}.values())

    def _read(self, command: str, fields: Sequence[str], progress: Progress) -> ReadTexts:
        """``read``, as a part of a command."""
        standing, store, record = self._standing(fields), self._writer(), self._recorder(command)
        reading.take_over(store, standing, self._how())
        together = [field for field in standing if not field.is_alone]
        done = reading.read_all(store, together, self._engine(), progress, self._how())
        ids = [field.id for field in standing]
        alone = [field for field in standing if field.is_alone] + [c for c in self.columns() if c.id not in ids]
        # what other answers decide comes last, when these are there
        ordered = sorted(alone, key=lambda field: field.source is not None)
        done = asking.with_columns(done, [self._read_column(field, progress) for field in ordered])
        names = list(fields or self.config.read.fields)
        return replace(done, run=record.of_read(done, self._judged(), **{"read.fields": names}))

    def _read_column(self, column: Field, progress: Progress) -> ReadTexts:
        """A column under a key of its own: it has no part in the standing fields, and they none in it."""
        how = self._how(column_kind(column.id))
        return reading.read_all(self._writer(), (column,), self._engine(), progress, how)

    def _showing(self) -> Showing:
        """What leaves the study, with the rates of its columns as they are now."""
        return Showing.of(self._store, self.fields(), self._judged().calibration or calibration.shipped(MANY.name))

    def _judged(self) -> learned.Learned:
        """What judges candidates here: as shipped, or with what reviews taught."""
        place = folder.StudyFolder(self.path).learned
        card = in_use.card(in_use.chosen(self.config.read.model)) if place.exists() else None
        return learned.load(place, card.digest) if card else learned.shipped()

    def _how(self, kind: str = "") -> reading.How:
        place = folder.StudyFolder(self.path)
        return reading.How(self.config.read.model, place.learned, kind, place.cuts)

    def _patent(self, number: str) -> Patent:
        return naming.one_named(self._store, number)

    def _rows(self, verdicts: Collection[str] = ()) -> Iterator[insight.Row]:
        """Every publication; those alone whose application was screened as one of ``verdicts``, if any are named."""
        rows = self._all_rows()
        return (row for row in rows if row.verdict and row.verdict.value in verdicts) if verdicts else rows

    def _all_rows(self) -> Iterator[insight.Row]:
        names, families, reviews = self._registry(), self.families(), self._store.reviews()
        showing = self._showing()
        for patent in self._store.patents():
            load, on = partial(self._store.text, patent.text), reviews.get(patent.text, {})
            said = own(showing.answers(patent.text, on), patent.application)
            named = names.applicants(patent.biblio.applicants)
            row = insight.Row(patent, load, said.answers, named, families.of(patent.application), on)
            yield replace(row, verdict=said.verdict, classes=said.classes) if patent.is_representative else row

    def _registry(self) -> Registry:
        """What the user has decided about applicants, read anew each time: the file may be open in an editor."""
        return registry.load(folder.StudyFolder(self.path).applicants)

    def _shown_as(self, lang: str, by: str | None = None) -> ReportSettings:
        settings = self.config.report
        return replace(
            settings,
            lang=lang,
            title=settings.title or self.path.stem,
            by=settings.by if by is None else insight.Unit(by),
            near_duplicates=self._near_duplicates_known(),
            fields=self.fields(),
            rejected=tuple(self.rejected()),
            registry=self._registry(),
            judged=self._judged(),
        )

    def _reasons(self) -> tuple[Why, ...]:
        examples: dict[str, Rejected] = {}
        counts: Counter[str] = Counter()
        for rejected in self.rejected():
            counts[rejected.code] += 1
            examples.setdefault(rejected.code, rejected)
        return tuple(
            Why(code, n, str(examples[code].source), dict(examples[code].values)) for code, n in counts.most_common()
        )
