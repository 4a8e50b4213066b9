"""Screening: a user's rules -> valid, noise or open, with the rule and the exact words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dokhae.apps import cli
from dokhae.errors import InputError
from dokhae.parse.dokhae_jsonl import to_line
from dokhae.screening import Verdict, criteria, rule_of, tree
from dokhae.screening.conditions import (
    All,
    Any,
    Ask,
    Condition,
    Has,
    Known,
    Leaf,
    Not,
    Query,
    because,
    truth,
    waits_for,
)
from dokhae.screening.criteria import Criteria, Rule
from dokhae.screening.deciding import Case, decide, verdict_of
from dokhae.screening.quoting import quoted
from dokhae.search import analyse
from dokhae.search.index import stemmer
from dokhae.search.query import Words, canonical
from dokhae.study import Study
from dokhae.types import Answer, AnswerStatus, Candidate
from tests.build import document, text

FIELDS = ("problem", "effect")
LENS = document(
    "KR10-1234567 B1",
    title="렌즈 구동 장치",
    abstract="렌즈를 움직이는 장치이다. 코일과 자석이 렌즈를 구동한다.",
    effect="본 발명에 따르면 렌즈의 흔들림을 15초 이내에 줄일 수 있는 효과가 있다.",
    claims=["코일과 자석을 포함하는 렌즈 구동 장치."],
    applicants=["주식회사 예시광학"],
    application_date=date(2016, 5, 4),
    ipc=["G02B 7/08"],
)
SOUP = document(
    "KR10-7654321 B1",
    title="국물 요리",
    abstract="국물을 끓이는 방법이다.",
    application_date=date(2011, 1, 2),
    ipc=["A23L 23/00"],
)
BATTERY = document(
    "US7654321 B2",
    title="Battery pack",
    abstract="A battery pack with a cooling plate is disclosed. The plate prevents overheating.",
    claims=["A battery pack comprising a cell and a cooling plate."],
)
RULES = """
default = "보류"

[[rule]]
id = "lens"
verdict = "유효"
words = "TL=(렌즈*구동)"

[[rule]]
id = "food"
verdict = "noise"
ipc = ["A23L"]
not = { rule = "lens" }
"""


def write(folder: Path, content: str, name: str = "my.toml") -> Path:
    path = folder / name
    path.write_text(content, "utf8")
    return path


def make_study(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "all.jsonl").write_bytes(b"".join(map(to_line, [LENS, SOUP, BATTERY])))
    with Study.create(folder / "a.study", workers=0) as made:
        made.add([folder / "all.jsonl"])
    return folder / "a.study"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return make_study(tmp_path)


def verdicts(study: Path) -> dict[str, tuple[str, str]]:
    """number -> (verdict, rule)."""
    found = {}
    with Study.open(study) as opened:
        for patent in opened.patents():
            answer = opened.show(patent.number.compact if patent.number else patent.text).verdict
            if answer is not None and patent.number is not None:
                found[patent.number.compact] = (str(answer.value), rule_of(answer))
    return found


def screen(study: Path, rules: Path) -> tuple[int, int]:
    """(decided, known before)."""
    with Study.open(study, workers=0) as opened:
        done = opened.screen(rules)
    assert not done.failed
    return done.read, done.kept


# ---- the file


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        ("rule = [", "criteria-unreadable", "my.toml"),
        ("", "criteria-empty", "my.toml"),
        ("rule = 3", "criteria-empty", "my.toml"),
        ("rules = 3", "criteria-key", "line 1, rule -: there is no key rules; the nearest is rule"),
        (
            'default = "so"\n[[rule]]\nid = "a"\nverdict = "noise"\nwords = "x"',
            "criteria-value",
            "line 1, rule -: default",
        ),
        (
            '[[rule]]\nverdict = "noise"\nwords = "x"',
            "criteria-missing",
            "line 1, rule #1: something is missing. Add: id",
        ),
        ('\n[[rule]]\nid = "a"\nwords = "x"', "criteria-missing", "line 2, rule a: something is missing. Add: verdict"),
        ('[[rule]]\nid = "a"\nverdict = "noise"', "criteria-missing", "line 1, rule a"),
        (
            '[[rule]]\nid = "a"\nverdict = "off"\nwords = "x"',
            "criteria-value",
            "line 3, rule a: verdict cannot be 'off'",
        ),
        (
            '[[rule]]\nid = "a"\nverdict = "noise"\nword = "x"',
            "criteria-key",
            "line 4, rule a: there is no key word; the nearest is words",
        ),
        (
            '[[rule]]\nid = "a"\nverdict = "noise"\nall = [\n  { ipc = "G02B" },\n  { wrods = "x" },\n]',
            "criteria-key",
            "line 6, rule a: there is no key wrods; the nearest is words",
        ),
        ('[[rule]]\nid = "a"\nverdict = "noise"\nwords = " "', "criteria-missing", "line 4, rule a"),
        ('[[rule]]\nid = "a"\nverdict = "noise"\nask = ""', "criteria-missing", "line 4, rule a"),
        ('[[rule]]\nid = "a"\nverdict = "noise"\nwords = "TL=(렌즈"', "criteria-query", "line 4, rule a: the query"),
        (
            '[[rule]]\nid = "a"\nverdict = "noise"\nask = "x?"\nfrom = 2',
            "criteria-value",
            "line 5, rule a: from cannot be 2",
        ),
        ('[[rule]]\nid = "a"\nverdict = "noise"\nfrom = 0.2\nwords = "x"', "criteria-missing", "line 4, rule a"),
        ('[[rule]]\nid = "a"\nverdict = "noise"\nfield = "efect"', "criteria-value", "problem | effect"),
        ('[[rule]]\nid = "a"\nverdict = "noise"\nipc = ["lens"]', "criteria-value", "line 4, rule a: ipc"),
        ('[[rule]]\nid = "a"\nverdict = "noise"\nfiled_after = "2015-02-30"', "criteria-value", "line 4, rule a"),
        ('[[rule]]\nid = "a"\nverdict = "noise"\nall = []', "criteria-value", "line 4, rule a"),
        (
            '[[rule]]\nid = "a"\nverdict = "noise"\nrule = "bb"\n[[rule]]\nid = "b"\nverdict = "open"\nwords = "x"',
            "criteria-reference",
            "line 4, rule a: there is no rule bb to refer to; the nearest is b",
        ),
        (
            '[[rule]]\nid = "a"\nverdict = "noise"\nwords = "x"\n[[rule]]\nid = "a"\nverdict = "open"\nwords = "x"',
            "criteria-twice",
            "line 6: the rule a stands in line 2 already",
        ),
    ],
)
def test_a_mistake_is_named_with_its_file_line_and_rule(content: str, code: str, says: str, tmp_path: Path) -> None:
    path = write(tmp_path, content)
    with pytest.raises(InputError) as raised:
        criteria.load(path, FIELDS)
    assert raised.value.code == code
    assert says in str(raised.value)
    assert str(path) in raised.value.in_language("ko")


def test_the_examples_of_the_documentation_are_read(tmp_path: Path) -> None:
    page = (Path(__file__).parent.parent / "docs" / "screening.md").read_text("utf8")
    rules, classes = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert [rule.id for rule in criteria.load(write(tmp_path, rules), FIELDS).rules] == [
        "안경",
        "렌즈 구동",
        "흔들림 보정",
        "옛 출원",
    ]
    (only,) = tree.load(write(tmp_path, classes, "tree.toml")).classes
    assert only.path == "카메라 > 구동 > 자석"


def test_a_cycle_of_references_is_named_whole(tmp_path: Path) -> None:
    rules = "".join(
        f'[[rule]]\nid = "{name}"\nverdict = "noise"\nany = [{{ words = "x" }}, {{ not = {{ rule = "{other}" }} }}]\n'
        for name, other in (("a", "b"), ("b", "c"), ("c", "b"))
    )
    with pytest.raises(InputError) as raised:
        criteria.load(write(tmp_path, rules))
    assert raised.value.code == "criteria-cycle"
    assert "line 8, rule b: refers to itself: b → c → b" in str(raised.value)


def test_the_reason_of_a_wrong_query_speaks_the_language_of_the_error(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        criteria.load(write(tmp_path, '[[rule]]\nid = "a"\nverdict = "noise"\nwords = "TL=(렌즈"'))
    said = raised.value.in_language("ko")
    assert "괄호" in said
    assert "괄호" not in str(raised.value)


def test_bibliographic_keys_become_queries_and_several_keys_must_all_hold(tmp_path: Path) -> None:
    rules = 'filed_before = 2020-01-01\nfiled_after = "2015"\ncountry = ["KR", "us"]\napplicant = "삼성 전자"'
    made = criteria.load(write(tmp_path, f'[[rule]]\nid = "a"\nverdict = "유효"\n{rules}'))
    (rule,) = made.rules
    assert rule.verdict is Verdict.valid
    assert rule.condition == All(
        (
            Query("AD=[~20191231]"),
            Query("AD=[20150101~]"),
            Query("office:kr OR office:us"),
            Query('AP:"삼성 전자"'),
        )
    )


def test_comments_do_not_change_criteria_but_verdicts_do(tmp_path: Path) -> None:
    plain = criteria.load(write(tmp_path, RULES)).digest
    assert criteria.load(write(tmp_path, "# mine\n" + RULES)).digest == plain
    assert criteria.load(write(tmp_path, RULES.replace("noise", "open"))).digest != plain


# ---- deciding

CHEAP, OTHER = Query("cheap"), Query("other")
FIRST, SECOND = Ask("first?"), Ask("second?", 0.3)


def rules_of(*conditions: Condition) -> Criteria:
    verdict = (Verdict.valid, Verdict.noise, Verdict.open)
    return Criteria(tuple(Rule(f"r{n}", verdict[n], condition) for n, condition in enumerate(conditions)))


class Reader:
    """Answers what it is told to, and counts what it is asked."""

    def __init__(self, scores: Mapping[str, float]) -> None:
        self.asked: list[str] = []
        self._scores = scores

    def __call__(self, question: str) -> Answer:
        self.asked.append(question)
        score = self._scores.get(question, 0.0)
        evidence = quoted(TEXT, "렌즈", stemmer())
        assert evidence is not None
        status = AnswerStatus.answered if score >= 0.5 else AnswerStatus.not_stated
        return Answer("question", status, (Candidate(evidence, score),))


TEXT = text(title="렌즈", abstract="렌즈가 움직인다. 센서가 있다.")


@pytest.mark.parametrize(
    ("conditions", "held", "scores", "asked", "decides"),
    [
        # a cheap leaf that settles the rule stops it from being asked
        ((All((FIRST, CHEAP)),), (), {}, [], None),
        ((Any((FIRST, CHEAP)),), ("cheap",), {}, [], "r0"),
        ((All((FIRST, CHEAP)),), ("cheap",), {"first?": 0.9}, ["first?"], "r0"),
        # a rule before it that holds decides
        ((CHEAP, FIRST), ("cheap",), {}, [], "r0"),
        # the second question only where the first leaves it open
        ((All((FIRST, SECOND)),), (), {"first?": 0.1}, ["first?"], None),
        ((Any((FIRST, SECOND)),), (), {"second?": 0.35}, ["first?", "second?"], "r0"),
        # a question of two rules is put once
        ((All((FIRST, CHEAP)), Not(FIRST)), ("cheap",), {}, ["first?"], "r1"),
        ((FIRST, Ask("first?", 0.05)), (), {"first?": 0.1}, ["first?"], "r1"),
        # the first that holds decides, in the order of the file
        ((OTHER, CHEAP, CHEAP), ("cheap",), {}, [], "r1"),
        ((Not(CHEAP),), (), {}, [], "r0"),
    ],
)
def test_a_patent_is_asked_only_while_the_outcome_hangs_on_it(
    conditions: tuple[Condition, ...],
    held: tuple[str, ...],
    scores: Mapping[str, float],
    asked: list[str],
    decides: str | None,
) -> None:
    reader = Reader(scores)
    decided = decide(rules_of(*conditions), Case(frozenset(held)), reader)
    assert reader.asked == asked
    assert (decided.rule.id if decided.rule else None) == decides


def _as_condition(leaf: Leaf) -> Condition:
    return leaf


_ALL_LEAVES: tuple[Leaf, ...] = (CHEAP, OTHER, FIRST, SECOND)
_LEAVES = st.sampled_from(_ALL_LEAVES)
_CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    _LEAVES.map(_as_condition),
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: Any(tuple(parts))),
    ),
    max_leaves=8,
)
_TRUTHS = st.fixed_dictionaries({leaf: st.booleans() for leaf in _ALL_LEAVES})


def plainly(condition: Condition, known: Known) -> bool:
    match condition:
        case All(parts):
            return all(plainly(part, known) for part in parts)
        case Any(parts):
            return any(plainly(part, known) for part in parts)
        case Not(part):
            return not plainly(part, known)
        case _:
            return known[condition]


@given(_CONDITIONS, _TRUTHS, st.sets(_LEAVES))
def test_what_is_said_from_part_of_the_truth_agrees_with_all_of_it(
    condition: Condition, known: Known, seen: set[Leaf]
) -> None:
    part = {leaf: value for leaf, value in known.items() if leaf in seen}
    so_far = truth(condition, part)
    assert so_far in (None, plainly(condition, known))
    assert (waits_for(condition, part) is None) == (so_far is not None)
    if so_far:
        assert all(part[leaf] for leaf in because(condition, part))


def test_an_answered_field_is_told_by_the_words_of_its_quote() -> None:
    evidence = quoted(TEXT, "센서", stemmer())
    assert evidence is not None
    effect = Answer("effect", AnswerStatus.answered, (Candidate(evidence, 0.7),))
    has = Has("effect", ("센 서", "모터"))
    made = rules_of(has, Has("problem"))
    case = Case(frozenset(), {"effect": effect})
    answer = verdict_of(made, case, decide(made, case, Reader({})), TEXT, stemmer())
    assert (answer.value, rule_of(answer), answer.score) == ("valid", "r0", 0.7)
    assert answer.candidates[0].reasons == (("r0: effect: 센 서, 모터", 0.7),)


# ---- quotes

_NAUGHTY = st.text(st.sampled_from("렌즈구동 lensABC\u0301\u200b🧑\u200d🔬 .\n,①５％ﬁ가다"), max_size=300)


@given(_NAUGHTY, _NAUGHTY, _NAUGHTY, st.sampled_from(["렌즈", "lens", "구동 OR 가", "렌즈*구동", "5 OR fi"]))
def test_a_quote_is_the_text_at_its_span(title: str, abstract: str, claim: str, query: str) -> None:
    made = text(title=title, abstract=abstract, claims=[claim] if claim.strip() else [])
    found = quoted(made, query, stemmer())
    if found is not None:
        assert found.quote == made.text[found.span.start : found.span.end]
        assert found.quote.strip()


@given(_NAUGHTY, st.sampled_from(["렌즈", "lens", "구동"]))
@example("len.", "lens")  # another word of the same stem is found too
def test_words_that_stand_in_an_abstract_are_quoted(abstract: str, word: str) -> None:
    made = text(abstract=abstract + f". {word} 있다.")
    stem = stemmer()
    found = quoted(made, canonical(Words(word)), stem)
    assert found is not None
    assert {stem(term) for term in analyse.terms(word).split()} & set(map(stem, analyse.terms(found.quote).split()))


def test_the_sentence_with_most_words_is_quoted_and_a_long_one_is_cut_around_them() -> None:
    made = text(
        abstract="렌즈가 있다. 렌즈와 자석이 있다.", claims=["자석 " + "그리고 판 " * 200 + "렌즈를 포함하는 장치."]
    )
    found = quoted(made, "렌즈*자석", stemmer())
    assert found is not None
    assert (found.quote, found.place) == ("렌즈와 자석이 있다.", "abstract")
    long = quoted(made, "CL:렌즈", stemmer())
    assert long is not None
    assert len(long.quote) <= 400
    assert "렌즈" in long.quote
    assert long.place == "claim 1"


# ---- a study


def test_every_application_gets_a_verdict_with_rule_and_words(study: Path, tmp_path: Path) -> None:
    assert screen(study, write(tmp_path, RULES)) == (3, 0)
    assert verdicts(study) == {
        "KR101234567B1": ("valid", "lens"),
        "KR107654321B1": ("noise", "food"),
        "US7654321B2": ("open", "default"),
    }
    with Study.open(study) as opened:
        lens, soup = (opened.show(number) for number in ("KR101234567B1", "KR107654321B1"))
    assert lens.verdict is not None
    assert soup.verdict is not None
    assert [one.evidence.quote for one in lens.verdict.candidates] == ["렌즈 구동 장치"]
    assert soup.verdict.candidates == ()
    assert "screen" not in {answer.field for answer in lens.answers}


def test_only_what_is_new_or_changed_is_decided_again(study: Path, tmp_path: Path) -> None:
    rules, other = write(tmp_path, RULES), write(tmp_path, RULES.replace('"noise"', '"open"'), "other.toml")
    assert screen(study, rules) == (3, 0)
    assert screen(study, rules) == (0, 3)
    assert screen(study, other) == (3, 0)
    assert screen(study, rules) == (0, 3)  # going back costs nothing, and shows the older verdicts
    assert verdicts(study)["KR107654321B1"] == ("noise", "food")
    more = document("KR10-1111111 B1", title="렌즈 구동 기구")
    (tmp_path / "more.jsonl").write_bytes(to_line(more))
    with Study.open(study, workers=0) as opened:
        opened.add([tmp_path / "more.jsonl"])
    assert screen(study, rules) == (1, 3)
    assert verdicts(study)["KR101111111B1"] == ("valid", "lens")


def test_patents_that_share_a_text_get_verdicts_of_their_own(tmp_path: Path) -> None:
    twins = [
        document(number, title="국물 요리", ipc=[ipc])
        for number, ipc in (("KR10-1000001 B1", "A23L 23/00"), ("KR10-1000002 B1", "G02B 7/08"))
    ]
    (tmp_path / "twins.jsonl").write_bytes(b"".join(map(to_line, twins)))
    with Study.create(tmp_path / "a.study", workers=0) as made:
        made.add([tmp_path / "twins.jsonl"])
    assert screen(tmp_path / "a.study", write(tmp_path, RULES)) == (1, 0)
    found = verdicts(tmp_path / "a.study")
    assert found == {"KR101000001B1": ("noise", "food"), "KR101000002B1": ("open", "default")}
    assert screen(tmp_path / "a.study", write(tmp_path, RULES)) == (0, 1)


def test_a_field_that_nobody_read_does_not_hold_and_is_said(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = write(tmp_path, '[[rule]]\nid = "fast"\nverdict = "valid"\nfield = "effect"\nhas = ["15초"]')
    argv = ["screen", str(study), "--criteria", str(rules), "--workers", "0", "-q"]
    assert cli.main(argv) == cli.DONE
    assert "3 texts have no answer yet to a field your rules name" in capsys.readouterr().err
    assert verdicts(study)["KR101234567B1"] == ("open", "default")
    with Study.open(study, workers=0) as opened:
        opened.read()
    assert cli.main(argv) == cli.DONE
    assert "no answer yet" not in capsys.readouterr().err
    assert verdicts(study)["KR101234567B1"] == ("valid", "fast")


def test_a_text_that_cannot_be_decided_is_counted_and_tried_again(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = write(tmp_path, '[[rule]]\nid = "a"\nverdict = "valid"\nwords = "렌즈"\nask = "무엇을 움직이는가?"')

    def fail(*given: object, **how: object) -> Answer:
        raise ValueError("broken")

    with monkeypatch.context() as broken, Study.open(study, workers=0) as opened:
        broken.setattr("dokhae.study.screening.reply", fail)
        assert opened.screen(rules).failed == 1
    assert screen(study, rules) == (1, 2)


def test_a_question_decides_by_the_model_in_force(study: Path, tmp_path: Path) -> None:
    rules = (
        '[[rule]]\nid = "shake"\nverdict = "valid"\nask = "렌즈의 흔들림을 몇 초 이내에 줄일 수 있는가?"\nfrom = 0.4'
    )
    screen(study, write(tmp_path, rules))
    assert verdicts(study)["KR101234567B1"] == ("valid", "shake")
    assert verdicts(study)["US7654321B2"] == ("open", "default")


def test_what_was_decided_before_an_interruption_is_kept(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = write(tmp_path, RULES)
    made = []

    def stop(done: int, total: int | None, /) -> None:
        made.append(done)
        if done == 2:
            raise KeyboardInterrupt

    with Study.open(study, workers=0) as opened, pytest.raises(KeyboardInterrupt):
        opened.screen(rules, progress=stop)
    assert screen(study, rules) == (1, 2)


# ---- the command


def test_the_card_counts_from_what_was_collected_to_what_is_left(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["screen", str(study), "--criteria", str(write(tmp_path, RULES)), "--workers", "0", "-q"]
    assert cli.main([*argv, "--json"]) == cli.DONE
    rows = json.loads(capsys.readouterr().out)
    assert [(row["name"], row["value"], row["unit"]) for row in rows] == [
        ("publications", 3, "publication"),
        ("applications", 3, "application"),
        ("near_duplicates", 0, "publication"),
        ("noise", 1, "application"),
        ("open", 1, "application"),
        ("valid", 1, "application"),
        ("rule lens", 1, "application"),
        ("rule food", 1, "application"),
        ("rule default", 1, "application"),
    ]
    assert cli.main([*argv, "--lang", "ko"]) == cli.DONE
    said = capsys.readouterr()
    assert "노이즈" in said.out
    assert "본문 0건 판정, 3건은 전에 판정함" in said.err
    assert cli.main(["show", str(study), "--json"]) == cli.DONE
    assert {"name": "rule lens", "value": 1, "unit": "application"} in json.loads(capsys.readouterr().out)


def test_exports_hold_verdict_rule_and_words_and_can_be_narrowed(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    screen(study, write(tmp_path, RULES))
    assert (
        cli.main(["export", str(study), "--format", "csv", "-o", "-", "--verdict", "valid", "--lang", "ko"]) == cli.DONE
    )
    head, *rows = capsys.readouterr().out.strip().split("\n")
    assert "유효/노이즈/보류,결정 규칙,결정 근거,결정 근거위치" in head
    assert len(rows) == 1
    assert "유효,lens,렌즈 구동 장치" in rows[0]
    assert cli.main(["export", str(study), "--format", "jsonl", "-o", "-", "--verdict", "noise"]) == cli.DONE
    (line,) = capsys.readouterr().out.strip().split("\n")
    assert (json.loads(line)["verdict"], json.loads(line)["rule"]) == ("noise", "food")


def test_a_wrong_file_of_rules_is_one_line_and_exit_code_1(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, '[[rule]]\nid = "a"\nverdict = "noise"\nword = "x"')
    assert cli.main(["screen", str(study), "--criteria", str(path), "-q"]) == cli.FAILED
    assert capsys.readouterr().err == f"Error: {path}, line 4, rule a: there is no key word; the nearest is words.\n"
    assert cli.main(["screen", str(study)]) == cli.WRONG_USE


def test_a_patent_shows_its_verdict(study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    screen(study, write(tmp_path, RULES))
    assert cli.main(["show", str(study), "KR101234567B1"]) == cli.DONE
    assert "verdict: valid  (rule lens)\n    Title  “렌즈 구동 장치”" in capsys.readouterr().out
