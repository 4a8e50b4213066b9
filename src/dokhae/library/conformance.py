"""What every Store must do, as tests: subclass ``StoreConformance``, give it a fixture ``store`` (empty, writable).

    class TestMyStore(StoreConformance):
        @pytest.fixture
        def store(self): ...

In: a store.  Out: failed assertions.  Imports no test framework; documents are made here, by hand.
"""
# ruff: noqa: S101

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import permutations

from dokhae.errors import InputError
from dokhae.library import Added, Store
from dokhae.library.packing import Packed, pack
from dokhae.library.reviews import Review, Verdict
from dokhae.parse.build import TextBuilder
from dokhae.parse.files.units import Unit
from dokhae.types import (
    Answer,
    AnswerStatus,
    Biblio,
    Box,
    Candidate,
    Claim,
    ClaimForm,
    Defect,
    Document,
    Evidence,
    Number,
    Party,
    Quantity,
    ReadFrom,
    Rejected,
    Role,
    SectionKind,
    Source,
    Span,
    Status,
    Text,
)

FILED = Number("KR", Role.application, "1020120016332", None, "10-2012-0016332")
GRANT = Number("KR", Role.grant, "101314187", "B1", "10-1314187")
OPENED = Number("KR", Role.publication, "1020130094992", "A", "10-2013-0094992")


class StoreConformance:
    """Tests of the ``Store`` protocol."""

    def test_a_document_added_is_a_patent(self, store: Store) -> None:
        document = granted(claims=2)
        assert store.add([document]) == Added(added=1)
        (patent,) = store.patents()
        assert (patent.number, patent.numbers) == (GRANT, (GRANT, FILED))
        assert (patent.biblio, patent.defects, patent.category) == (document.biblio, document.defects, "invention")
        assert (patent.text, patent.lang) == (document.texts[0].digest, "ko")
        assert (patent.read_from, patent.n_claims, patent.n_independent) == (ReadFrom.full_text, 2, 2)
        assert patent.sources == (document.source,)
        assert patent.is_representative
        assert store.patent(patent.id) == patent

    def test_a_packed_document_is_stored_alike(self, store: Store) -> None:
        packed = pack(granted())
        assert isinstance(packed, Packed)
        assert store.add([packed]) == Added(added=1)
        assert store.add([granted()]) == Added(unchanged=1)

    def test_a_text_reads_back_whole(self, store: Store) -> None:
        text = naughty_text()
        store.add([replace(granted(), texts=(text,))])
        assert store.text(text.digest) == text

    def test_adding_again_changes_nothing(self, store: Store) -> None:
        items = [granted(), opened(), record()]
        store.add(items)
        before, counts, seq = list(store.patents()), store.counts(), store.last_seq()
        assert store.add(items) == Added(unchanged=3)
        assert (list(store.patents()), store.counts(), store.last_seq()) == (before, counts, seq)

    def test_the_same_document_in_another_file_is_one_more_source(self, store: Store) -> None:
        copy = replace(granted(), source=Source("copy.xml", "cc", format="test"))
        assert store.add([granted(), copy]) == Added(added=1, unchanged=1)
        (patent,) = store.patents()
        assert [source.path for source in patent.sources] == ["b1.xml", "copy.xml"]

    def test_of_two_sources_the_richer_text_is_current_and_both_stay(self, store: Store) -> None:
        poor = replace(granted(), source=Source("list.csv", "ll"), texts=(made_text(abstract="렌즈를 움직인다."),))
        assert store.add([poor]) == Added(added=1)
        assert store.add([granted()]) == Added(updated=1)
        (patent,) = store.patents()
        assert patent.text == granted().texts[0].digest
        assert [source.path for source in patent.sources] == ["list.csv", "b1.xml"]
        assert store.text(poor.texts[0].digest) == poor.texts[0]

    def test_gaps_of_the_richer_source_are_filled_from_the_other(self, store: Store) -> None:
        rich = granted()
        poor = replace(
            rich,
            source=Source("list.csv", "ll"),
            texts=(made_text(abstract="렌즈를 움직인다."),),
            biblio=Biblio(titles=(("en", "Lens drive"),), ipc=("G02B 7/09",), applicants=(Party("다른 회사"),)),
        )
        store.add([poor, rich])
        (patent,) = store.patents()
        assert patent.biblio.titles == (("ko", "렌즈 구동 장치"), ("en", "Lens drive"))
        assert (patent.biblio.ipc, patent.biblio.applicants) == (("G02B 7/09",), (Party("주식회사 가나"),))

    def test_a_and_b1_are_two_publications_of_one_application(self, store: Store) -> None:
        assert store.add([opened(), granted()]) == Added(added=2)
        assert store.counts().applications == 1
        assert [(p.number, p.is_representative) for p in store.patents()] == [(GRANT, True), (OPENED, False)]

    def test_a_fuller_a_stands_before_a_poorer_b1(self, store: Store) -> None:
        poor = replace(granted(), texts=(made_text(abstract="렌즈를 움직인다."),))
        store.add([poor, opened()])
        assert [p.number for p in store.patents(representatives_only=True)] == [OPENED]

    def test_a_record_that_knows_only_its_application_joins_it(self, store: Store) -> None:
        store.add([granted(), record()])
        counts = store.counts()
        assert (counts.applications, counts.publications) == (1, 2)
        first, second = store.publications_of(next(store.patents()).application)
        assert (first.number, first.is_representative) == (GRANT, True)
        assert (second.number, second.is_representative) == (None, False)
        # status is a fact of the application: the record brought it, the B1 shows it
        assert first.biblio.status == Status("등록", "등록", date(2024, 5, 1), "kipris.xml")

    def test_the_latest_status_is_shown(self, store: Store) -> None:
        lapsed = record(status=Status("소멸", "소멸", date(2025, 1, 1)), path="new.xml")
        undated = record(status=Status("공개", "공개"), path="old.xml")
        store.add([lapsed, record(), undated])
        (patent,) = store.patents()
        told = [(s.name, s.as_of, s.source) for s in patent.biblio.statuses]
        assert told == [
            ("소멸", date(2025, 1, 1), "new.xml"),
            ("등록", date(2024, 5, 1), "kipris.xml"),
            ("공개", None, "old.xml"),
        ]
        assert patent.biblio.status == patent.biblio.statuses[0]
        assert patent.defects == ()

    def test_of_several_files_that_say_the_same_the_first_is_named(self, store: Store) -> None:
        store.add([record(path="first.xml"), record(path="second.xml")])
        (patent,) = store.patents()
        assert patent.biblio.status is not None
        assert (patent.biblio.status.source, len(patent.sources)) == ("first.xml", 2)

    def test_statuses_without_a_date_that_differ_are_a_defect_and_the_later_stage_is_shown(self, store: Store) -> None:
        store.add(
            [record(status=Status("공개", "공개"), path="a.xml"), record(status=Status("등록", "등록"), path="b.xml")]
        )
        (patent,) = store.patents()
        assert patent.biblio.status == Status("등록", "등록", None, "b.xml")
        assert [d.code for d in patent.defects] == ["status-conflict"]

    def test_a_record_that_knows_only_a_grant_number_joins_the_application_of_it(self, store: Store) -> None:
        row = replace(record(), numbers=(replace(GRANT, kind=None),), source=Source("list.xlsx", "ll"))
        for order in permutations([granted(), opened(), row]):
            for document in order:
                store.add([document])
            counts = store.counts()
            assert (counts.applications, counts.publications) == (1, 3)
            store.remove([p.id for p in store.patents() if p.number == GRANT])
            assert store.counts().applications == 2
            store.remove([p.id for p in store.patents()])

    def test_publications_that_share_a_number_are_one_application_though_nobody_knows_it(self, store: Store) -> None:
        us_a, us_b = Number("US", Role.publication, "20180158710", "A1"), Number("US", Role.grant, "11759832", "B2")
        published = replace(opened(), number=us_a, numbers=(us_a,))
        row = replace(record(), numbers=(us_a, us_b), source=Source("list.xlsx", "ll"))
        patented = replace(granted(), number=us_b, numbers=(us_b,))
        for order in permutations([published, row, patented]):
            for document in order:
                store.add([document])
            assert store.counts().applications == 1
            store.remove([p.id for p in store.patents()])

    def test_a_wrong_number_in_a_list_joins_no_two_applications(self, store: Store) -> None:
        other = Number("KR", Role.application, "1020190000001")
        stranger = replace(record(), numbers=(other, GRANT), source=Source("list.xlsx", "ll"))
        store.add([granted(), stranger])
        assert store.counts().applications == 2

    def test_one_number_on_two_different_texts_is_a_defect_and_both_sources_stay(self, store: Store) -> None:
        words = "렌즈를 광축으로 움직이는 구동부와 흔들림을 막는 탄성 부재를 포함하는 카메라 모듈이다. 코일로 구동한다."
        others = (
            "이산화탄소를 포집하는 흡수탑과 재생탑을 구비하고 아민 흡수제를 순환시켜 배출 가스를 처리하는 설비이다."
        )
        right = replace(granted(), texts=(made_text(problem=words + " 자석을 더 포함한다."),))
        wrong = replace(granted(), texts=(made_text(problem=others),), source=Source("x.xml", "xx"))
        copy = replace(granted(), texts=(made_text(problem=words),), source=Source("y.xml", "yy"))
        store.add([right, copy])
        assert [p.defects for p in store.patents()] == [granted().defects]
        store.add([wrong])
        (patent,) = store.patents()
        assert patent.text == right.texts[0].digest
        assert [d.code for d in patent.defects] == ["claims-total", "texts-differ"]
        assert [s.path for s in patent.sources] == ["b1.xml", "y.xml", "x.xml"]

    def test_a_correction_stands_before_what_it_corrects_and_both_stay(self, store: Store) -> None:
        corrected = replace(GRANT, kind="B9")
        later = replace(granted().biblio, grant_date=date(2014, 5, 1))
        first = replace(granted().biblio, grant_date=date(2013, 10, 2))
        fixed = replace(granted(), number=corrected, numbers=(corrected, FILED), biblio=later)
        store.add([replace(granted(), biblio=first), fixed])
        assert [p.number for p in store.publications_of(1)] == [corrected, GRANT]

    def test_a_document_without_any_number_is_known_by_its_text(self, store: Store) -> None:
        nameless = replace(granted(), number=None, numbers=())
        other = replace(nameless, texts=(made_text(problem="다른 문제."),))
        copy = replace(nameless, source=Source("copy.txt", "cc"))
        assert store.add([nameless, other, copy]) == Added(added=2, unchanged=1)
        assert store.counts().applications == 2

    def test_a_publication_moves_when_its_application_becomes_known(self, store: Store) -> None:
        ignorant = replace(granted(), numbers=(GRANT,), texts=(made_text(abstract="렌즈."),))
        store.add([ignorant, opened()])
        assert store.counts().applications == 2
        store.add([replace(granted(), source=Source("full.xml", "ff"))])
        assert store.counts().applications == 1
        assert [p.number for p in store.patents(representatives_only=True)] == [GRANT]

    def test_the_order_of_arrival_does_not_matter(self, store: Store) -> None:
        poor = replace(granted(), source=Source("list.csv", "ll"), texts=(made_text(abstract="렌즈를 움직인다."),))
        seen = set()
        for order in permutations([granted(), opened(), record(), poor]):
            for document in order:
                store.add([document])
            seen.add(frozenset((p.number, p.text, p.biblio, p.is_representative) for p in store.patents()))
            store.remove([p.id for p in store.patents()])
        assert len(seen) == 1

    def test_patents_come_in_the_order_of_their_last_change(self, store: Store) -> None:
        store.add([numbered(n) for n in range(5)])
        patents = list(store.patents())
        assert [p.seq for p in patents] == sorted({p.seq for p in patents})
        store.add(
            [replace(numbered(2), source=Source("more.xml", "mm"), texts=(made_text(problem="더 긴 문제이다."),))]
        )
        (changed,) = store.patents(after=patents[-1].seq)
        assert (changed.id, changed.seq) == (patents[2].id, store.last_seq())

    def test_more_patents_than_fit_a_page_come_once_each(self, store: Store) -> None:
        store.add([numbered(n) for n in range(450)])
        assert len({p.id for p in store.patents()}) == len(list(store.patents())) == 450

    def test_a_document_without_text_is_rejected(self, store: Store) -> None:
        bare = replace(granted(), texts=())
        assert store.add([bare, replace(granted(), texts=(made_text(),))]) == Added(rejected=2)
        assert {r.code for r in store.rejected()} == {"document-without-text"}
        assert store.counts().publications == 0

    def test_what_is_rejected_is_kept_and_rejected_twice_is_once(self, store: Store) -> None:
        rejected = Rejected.of(Source("a.zip", "aa", "b.pdf", 3, "kr-pdf"), "no-text-layer", pages=4)
        assert store.add([rejected]) == Added(rejected=1)
        store.add([rejected, replace(rejected, code="other")])
        assert list(store.rejected()) == [rejected, replace(rejected, code="other")]

    def test_patents_are_found_by_any_number_file_name_or_digest(self, store: Store) -> None:
        store.add([granted(), opened(), numbered(7)])
        both = {GRANT, OPENED}
        assert {p.number for p in store.find("10-2012-0016332")} == both
        assert {p.number for p in store.find("1020120016332")} == both
        assert [p.number for p in store.find("KR101314187B1")] == [GRANT]
        assert [p.number for p in store.find("KR 10-2013-0094992")] == [OPENED]
        assert [p.number for p in store.find("folder/B1.xml")] == [GRANT]
        assert [p.number for p in store.find(granted().texts[0].digest[:10])] == [GRANT]
        assert [p.is_representative for p in store.find("10-2012-0016332")] == [True, False]
        assert store.find("KR101314187A") == store.find("nothing like it") == store.find(" ") == ()

    def test_the_latest_answer_of_each_field_counts(self, store: Store) -> None:
        document = granted()
        text = document.texts[0]
        store.add([document])
        problem, effect = answer(text, "problem"), Answer("effect", AnswerStatus.no_source_text, value="")
        store.put_answers(text.digest, "s1", [problem, effect])
        assert store.answers(text.digest) == {"problem": problem, "effect": effect}
        better = replace(problem, made_by="other")
        store.put_answers(text.digest, "s2", [better])
        assert store.answers(text.digest) == {"problem": better, "effect": effect}
        store.put_answers(text.digest, "s1", [problem, effect])
        assert store.answers(text.digest)["problem"] == problem
        assert store.answers("0" * 32) == {}

    def test_the_schema_shown_decides_before_a_later_answer(self, store: Store) -> None:
        document = granted()
        text = document.texts[0]
        store.add([document])
        problem = answer(text, "problem")
        other = replace(problem, made_by="other")
        effect = Answer("effect", AnswerStatus.no_source_text, value="")
        store.put_answers(text.digest, "s1", [problem])
        store.put_answers(text.digest, "s2", [other, effect])
        store.show_answers_of("s1")
        assert store.answers(text.digest) == {"problem": problem, "effect": effect}
        store.show_answers_of("s2")
        assert store.answers(text.digest) == {"problem": other, "effect": effect}

    def test_answers_of_several_kinds_are_shown_side_by_side(self, store: Store) -> None:
        document = granted()
        text = document.texts[0]
        store.add([document])
        problem = answer(text, "problem")
        old, new = (Answer("screen", AnswerStatus.answered, value=value) for value in ("noise", "valid"))
        store.put_answers(text.digest, "screen 1", [old])
        store.put_answers(text.digest, "screen 2", [new])
        store.put_answers(text.digest, "s1", [problem])
        store.show_answers_of("s1")
        store.show_answers_of("screen 1", kind="screen")
        assert store.answers(text.digest) == {"problem": problem, "screen": old}
        store.show_answers_of("screen 2", kind="screen")
        assert store.answers(text.digest) == {"problem": problem, "screen": new}
        assert store.answers_of(text.digest, "screen 1") == (old,)
        assert store.answers_of(text.digest, "screen 3") is None

    def test_the_answers_of_one_kind_are_dropped_and_the_others_stay(self, store: Store) -> None:
        document = granted()
        text = document.texts[0]
        store.add([document])
        kept, one, two = (answer(text, name) for name in ("problem", "a", "ab"))
        store.put_answers(text.digest, "s1", [kept])
        store.put_answers(text.digest, "column a 1", [one])
        store.put_answers(text.digest, "column ab 1", [two])
        store.show_answers_of("column a 1", kind="column a")
        store.drop_answers("column a")
        assert store.answers(text.digest) == {"problem": kept, "ab": two}
        assert store.answers_of(text.digest, "column a 1") is None

    def test_only_what_has_no_answers_under_a_schema_is_unread(self, store: Store) -> None:
        store.add([granted(), opened(), numbered(1), numbered(2)])
        digests = {p.number: p.text for p in store.patents()}
        assert set(store.unread("s")) == {d for n, d in digests.items() if n != OPENED}
        assert set(store.unread("s", representatives_only=False)) == set(digests.values())
        store.put_answers(digests[GRANT], "s", [])
        assert digests[GRANT] not in set(store.unread("s"))
        assert digests[GRANT] in set(store.unread("another"))

    def test_answering_while_going_through_the_unread_is_safe(self, store: Store) -> None:
        store.add([numbered(n) for n in range(450)])
        seen = []
        for digest in store.unread("s"):
            store.put_answers(digest, "s", [])
            seen.append(digest)
        assert len(set(seen)) == len(seen) == 450

    def test_quantities_are_kept_by_their_maker(self, store: Store) -> None:
        document = granted()
        text = document.texts[0]
        store.add([document])
        span = Span(0, 2)
        found = (Quantity(Evidence(text.digest, span, text.quote(span)), 15.0, None, "℃", low_inclusive=False),)
        assert store.quantities(text.digest, "q1") is None
        store.put_quantities(text.digest, "q1", found)
        assert store.quantities(text.digest, "q1") == found
        assert store.quantities(text.digest, "q2") is None

    def test_the_latest_review_of_each_field_counts_and_can_be_taken_back(self, store: Store) -> None:
        text = naughty_text()
        store.add([replace(granted(), texts=(text,))])
        whole = Span(0, len(text.text))
        first = Review(text.digest, "effect", Verdict.accept, "Kim", "2026-01-01", (whole,), (text.text,))
        later = Review(text.digest, "effect", Verdict.reject, "Lee", "2026-01-02")
        assert [store.put_review(one) for one in (later, first, first)] == [True, True, False]
        assert store.reviews_of(text.digest) == {"effect": later}
        store.drop_review(later)
        assert store.reviews() == {text.digest: {"effect": first}}

    def test_a_batch_is_kept_whole_or_not_at_all(self, store: Store) -> None:
        try:
            with store.batch():
                store.add([granted()])
                store.add([opened()])
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        assert list(store.patents()) == []
        assert store.last_seq() == 0
        with store.batch():
            store.add([granted()])
            store.add([opened()])
        assert store.counts().publications == 2

    def test_what_is_removed_is_gone_and_told_to_the_indexes(self, store: Store) -> None:
        store.add([granted(), opened()])
        grant, other = sorted(store.patents(), key=lambda p: p.number != GRANT)
        before = store.last_seq()
        assert store.remove([grant.id, grant.id, 999]) == 1
        assert [r.id for r in store.removed(after=before)] == [grant.id]
        assert [(p.id, p.is_representative) for p in store.patents(after=before)] == [(other.id, True)]
        assert [p.number for p in store.find("10-2012-0016332")] == [OPENED]
        assert [code_of(lambda: store.patent(grant.id)), code_of(lambda: store.text(grant.text))] == [
            "patent-unknown",
            "text-unknown",
        ]

    def test_what_was_removed_can_be_added_again_under_a_new_id(self, store: Store) -> None:
        unit = Unit("b1.xml", "b1", 10)
        store.add([granted()])
        store.finish_unit(unit, 1)
        (before,) = store.patents()
        store.remove([before.id])
        assert store.n_documents_of(unit) is None
        assert store.add([granted()]) == Added(added=1)
        (after,) = store.patents()
        assert after.id != before.id

    def test_a_unit_is_finished_only_when_told(self, store: Store) -> None:
        unit = Unit("b1.xml", "b1", 10)
        assert store.n_documents_of(unit) is None
        store.begin_unit(unit)
        assert store.n_documents_of(unit) is None
        store.finish_unit(unit, 7)
        assert store.n_documents_of(unit) == 7
        assert store.n_documents_of(replace(unit, path="moved.xml")) == 7
        assert store.n_documents_of(replace(unit, sha256="other")) is None
        assert store.n_documents_of(replace(unit, start=5, end=10)) is None
        store.begin_unit(unit)
        assert store.n_documents_of(unit) is None

    def test_reading_a_replaced_file_forgets_what_was_rejected_of_the_old_one(self, store: Store) -> None:
        hung = Rejected.of(Source("a.pdf", "a1"), "time-limit")
        broken = Rejected.of(Source("b.pdf", "b1"), "no-text-layer")
        store.add([hung, broken])
        store.begin_unit(Unit("a.pdf", "a1", 10))
        store.begin_unit(Unit("b.pdf", "b1", 10))
        assert list(store.rejected()) == [broken]
        store.begin_unit(Unit("b.pdf", "b2", 10))
        assert list(store.rejected()) == []

    def test_a_replaced_file_replaces_what_it_said(self, store: Store) -> None:
        store.add([granted(claims=2)])
        newer = replace(granted(), source=replace(granted().source, sha256="new"))
        assert store.add([newer]) == Added(updated=1)
        (patent,) = store.patents()
        assert (patent.n_claims, patent.sources) == (0, (newer.source,))
        assert store.counts().texts == 1


def granted(*, claims: int = 0) -> Document:
    text = made_text(problem="렌즈가 흔들리는 문제.", effect="흔들림이 준다.", claims=["카메라.", "렌즈."][:claims])
    return Document(
        source=Source("b1.xml", "b1", format="test"),
        number=GRANT,
        numbers=(GRANT, FILED),
        biblio=Biblio(
            titles=(("ko", "렌즈 구동 장치"),),
            application_date=date(2012, 2, 17),
            applicants=(Party("주식회사 가나"),),
            supplied=(("기타", "값"),),
        ),
        texts=(text,),
        defects=(Defect.of("claims-total", printed=3, counted=2),),
    )


def opened() -> Document:
    text = made_text(problem="렌즈가 흔들리는 문제이다.")
    return Document(Source("a.xml", "a1", format="test"), OPENED, (OPENED, FILED), Biblio(), (text,))


def record(status: Status | None = None, path: str = "kipris.xml") -> Document:
    status = Status("등록", "등록", date(2024, 5, 1)) if status is None else status
    text = made_text(abstract="렌즈를 움직이는 장치.")
    return Document(Source(path, path), None, (FILED,), Biblio(status=status), (text,))


def numbered(n: int) -> Document:
    number = Number("US", Role.grant, str(9_000_000 + n), "B2")
    return Document(Source("many.xml", "many", item=n), number, (number,), Biblio(), (made_text(problem=f"Lens {n}."),))


def made_text(*, claims: Sequence[str] = (), **sections: str) -> Text:
    builder = TextBuilder(parser="conformance")
    for kind, words in sections.items():
        builder.section(SectionKind(kind))
        builder.paragraph(words)
    if claims:
        builder.section(SectionKind.claims)
    for n, claim in enumerate(claims, start=1):
        builder.claim(n, claim)
    return builder.finish()[0]


def naughty_text() -> Text:
    words = "𝑥 = 4\ufffd \ud800 a\u0301 렌즈"
    claims = (
        Claim(1, Span(0, 3), "en"),
        Claim(2, Span(3, 3), "", (1,), ClaimForm.dependent, deleted=True),
        Claim(3, Span(4, 5), "ko", (1,), ClaimForm.independent_by_reference),
    )
    whole = made_text(problem="문제", claims=["주장"])
    layout = (Box(Span(0, 3), 1, 1.5, 2.25, 3.0, 4.0),)
    return replace(whole, text=whole.text + words, claims=claims, layout=layout, abstract_is_cut=True)


def answer(text: Text, field: str) -> Answer:
    span = text.sections[0].span
    evidence = Evidence(text.digest, span, text.quote(span), "[0001]", SectionKind.problem)
    return Answer(
        field, AnswerStatus.answered, (Candidate(evidence, 0.75, (("cue", 1.5),)),), read_from=ReadFrom.abstract
    )


def code_of(call: object) -> str:
    """The code of the InputError that ``call`` raises."""
    try:
        call()  # type: ignore[operator]
    except InputError as error:
        return error.code
    return "nothing raised"
