"""Proposals: names that may stand for one applicant, each with its reasons and a score, for a person to decide.

In: the names of a study with what ties them together, and what has been decided.  Out: ``Proposal``s, the surest
first.  Never applied: what is counted as one applicant stands in applicants.toml.  Persons are hardly ever proposed;
two firms that share a word never are.  Names meet by keys, so that a study of 50,000 names takes seconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from dokhae.insight.applicants.parts import FOUNDATION, Name, name_of, without_form
from dokhae.insight.applicants.registry import Registry
from dokhae.insight.applicants.roster import Seen
from dokhae.insight.applicants.sounds import Sound, sound_of

Key = TypeVar("Key")

# from here on names are put together in one proposal; below, two are shown side by side, with a question mark
SURE = 0.7
_LEAST = 0.45
_JOINT = 0.35
_SUPPORT = 0.05
_MOST = 0.99
_SISTERS = 0.6
_LETTERS_OF_A_TYPO = 6
_LEAST_LIKENESS = 0.65
# names of one sound that are looked at: more are no sign of anything
_MOST_OF_A_SOUND = 60

# consonants, common words
_SoundKey = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Names that may be one applicant.

    names: those not decided yet, most filings first.  score: of the weakest tie needed, 0..1, a rank and no
    probability.  reasons: codes (messages ``reason-<code>``), the surest tie's first.  others: names that have this
    representative already.
    """

    representative: str
    names: tuple[str, ...]
    score: float
    reasons: tuple[str, ...]
    others: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        return self.score >= SURE


@dataclass(frozen=True, slots=True)
class _Tie:
    """Two names, by their ordinals, and why they may be one."""

    one: int
    other: int
    score: float
    reasons: tuple[str, ...]


def propose(seen: Sequence[Seen], registry: Registry | None = None) -> tuple[Proposal, ...]:
    """What may be joined beyond what ``registry`` joins already.  seen: most frequent names first."""
    decided = registry or Registry()
    names = [name_of(one.name, is_inventor=one.is_inventor) for one in seen]
    ties = sorted(_ties(seen, names), key=lambda tie: (-tie.score, tie.one, tie.other))
    groups = _Groups(seen, decided)
    for tie in ties:
        if tie.score >= SURE:
            groups.join(tie)
    sure = groups.proposals(names)
    doubtful = _doubtful(ties, groups, seen, names)
    ranked = sorted((*sure, *doubtful), key=lambda p: (-p.is_sure, -len(p.names) * p.is_sure, -p.score))
    return tuple(_with_own_names(ranked, decided))


def _with_own_names(proposals: Iterable[Proposal], decided: Registry) -> Iterator[Proposal]:
    """No two sure proposals under one representative name: accepted, they would be one applicant unasked."""
    taken = set(decided.representatives.values())
    for proposal in proposals:
        joins = any(decided.of(name) == proposal.representative for name in proposal.others)
        clashes = proposal.is_sure and not joins and proposal.representative in taken
        own = replace(proposal, representative=proposal.names[0]) if clashes else proposal
        if own.is_sure:
            taken.add(own.representative)
        yield own


# ---- ties


def _ties(seen: Sequence[Seen], names: Sequence[Name]) -> Iterator[_Tie]:
    known: set[tuple[int, int]] = set()
    for found in (_by_spelling(names), _by_words(names), _by_sound(names), _by_foundation(names), _by_typo(names)):
        for tie in found:
            pair = (min(tie.one, tie.other), max(tie.one, tie.other))
            if pair in known:
                continue
            known.add(pair)
            weighed = _weighed(tie, seen[tie.one], seen[tie.other])
            if weighed is not None and weighed.score >= _LEAST:
                yield weighed


def _weighed(tie: _Tie, one: Seen, other: Seen) -> _Tie | None:
    """The tie with what speaks for and against it in the filings; None for persons nothing ties together."""
    score, reasons = tie.score, tie.reasons
    shared = not one.filings.isdisjoint(other.filings)
    # two names side by side on one filing are two parties, but for lists that hold one name in two spellings
    if other.name in one.partners:
        if reasons != ("spelling",):
            score, reasons = score - _JOINT, (*reasons, "joint")
    elif shared:
        score, reasons = score + 2 * _SUPPORT, (*reasons, "family")
    if not one.inventors.isdisjoint(other.inventors):
        score, reasons = score + _SUPPORT, (*reasons, "inventors")
    elif tie.reasons[0] == "person":
        return None
    return _Tie(tie.one, tie.other, min(round(score, 2), _MOST), reasons)


def _by_spelling(names: Sequence[Name]) -> Iterator[_Tie]:
    """Names that differ in legal form, capitals, spacing and punctuation only."""
    for group in _grouped((name.core, n) for n, name in enumerate(names) if len(name.core) > 1).values():
        persons = [n for n in group if names[n].is_person]
        firms = [n for n in group if not names[n].is_person]
        yield from (_Tie(persons[0], n, 0.6, ("person",)) for n in persons[1:])
        score = 0.95 if any(names[n].is_organisation for n in firms) else 0.85
        yield from _by_form(firms, names, score, "spelling")
        if persons and firms:
            yield _Tie(min(persons[0], firms[0]), max(persons[0], firms[0]), 0.55, ("person",))


def _by_words(names: Sequence[Name]) -> Iterator[_Tie]:
    """Names of the same words in the same order, some abbreviated (the order tells two universities of Washington)."""
    for group in _grouped(((name.script, name.words), n) for n, name in _firms(names) if name.own).values():
        yield from _by_form(group, names, 0.88, "words")


def _by_form(group: Sequence[int], names: Sequence[Name], score: float, reason: str) -> Iterator[_Tie]:
    """Names alike but for their legal forms: one firm of those of a kind, and of those of no or of any kind with the
    most frequent kind; further kinds are likelier sister companies."""
    first_of: dict[str, int] = {}
    for n in group:
        first_of.setdefault(names[n].form, n)
    main = next((form for form in first_of if form not in ("", "any")), names[group[0]].form if group else "")
    for n in group:
        form = names[n].form
        first = first_of[main] if form in ("", "any") else first_of[form]
        if n != first:
            yield _Tie(min(n, first), max(n, first), score, (reason,))
        elif form != main:
            yield _Tie(min(n, first_of[main]), max(n, first_of[main]), _SISTERS, (reason, "other_form"))


def _by_sound(names: Sequence[Name]) -> Iterator[_Tie]:
    """Firms in two scripts that sound alike, each with the one of another script it is most like."""
    sounds: dict[tuple[int, _SoundKey], Sound] = {}
    by_sound: dict[_SoundKey, list[int]] = defaultdict(list)
    for n, name in _firms(names):
        for key, sound in _sounds(name):
            if (n, key) not in sounds:
                by_sound[key].append(n)
            sounds[n, key] = sound
    for key, group in by_sound.items():
        for n in group[:_MOST_OF_A_SOUND]:
            others = [m for m in group[:_MOST_OF_A_SOUND] if names[m].script != names[n].script]
            alike = {m: sounds[n, key].likeness(sounds[m, key]) for m in others}
            if others:
                best = max(others, key=lambda m: (alike[m], -m))
                score = _score_of_sound(len(key[0]), len(key[1]), alike[best])
                yield _Tie(min(n, best), max(n, best), score, ("sound",))


def _score_of_sound(n_consonants: int, n_common: int, likeness: float) -> float:
    """Long sounds, shared common words and vowels that fit speak for one firm; short sounds alone never suffice."""
    if not n_consonants:
        return 0.75
    if likeness < (_LEAST_LIKENESS if n_common else _LEAST_LIKENESS + 0.1) or (n_consonants < 4 and not n_common):
        return 0.0
    score = 0.2 + 0.2 * min((n_consonants + 1.5 * n_common) / 9, 1.0) + 0.5 * likeness
    # Hyundai Motor and Honda Motor
    tells = n_consonants >= 4 or n_common >= 2 or likeness > 0.99
    return score + 0.1 * (likeness > 0.99) if tells else min(score, _SISTERS)


def _sounds(name: Name) -> Iterator[tuple[_SoundKey, Sound]]:
    if not name.is_organisation:
        return
    # 국립 (national) is left out of the Korean names of universities
    common = tuple(word for word in name.common if word != "national" or "university" not in name.common)
    for spelled_out in (True, False):
        sound = sound_of(" ".join(name.own), spelled_out=spelled_out)
        if sound is not None and (len(sound.consonants) >= 2 or len(common) >= 3):
            yield (sound.consonants, common), sound


def _by_foundation(names: Sequence[Name]) -> Iterator[_Tie]:
    """A university and its cooperation foundation: two parties, and many analysts count them as one."""
    universities = {
        (name.script, name.own, tuple(word for word in name.common if word != "national")): n
        for n, name in reversed(list(_firms(names)))
        if name.own and "university" in name.common and FOUNDATION not in name.common
    }
    for n, name in _firms(names):
        if FOUNDATION in name.common:
            common = tuple(word for word in name.common if word not in (FOUNDATION, "national"))
            university = universities.get((name.script, name.own, common))
            if university is not None:
                yield _Tie(min(university, n), max(university, n), 0.5, ("foundation",))


def _by_typo(names: Sequence[Name]) -> Iterator[_Tie]:
    """Names that differ by one letter of one long word of their own."""
    blocks: dict[object, list[tuple[int, str]]] = defaultdict(list)
    for n, name in _firms(names):
        for at, word in enumerate(name.own):
            if len(word) >= _LETTERS_OF_A_TYPO and name.is_organisation and word.isascii() and word.isalpha():
                rest = (name.own[:at], name.own[at + 1 :], name.common)
                half = len(word) // 2
                blocks[rest, "begins", word[:half]].append((n, word))
                blocks[rest, "ends", word[-half:]].append((n, word))
                blocks[rest, "ends", word[-half - 1 :]].append((n, word))
    for block in blocks.values():
        for at, (n, word) in enumerate(block):
            for m, other in block[at + 1 :]:
                if word != other and _one_letter_apart(word, other):
                    yield _Tie(min(n, m), max(n, m), 0.6, ("typo",))


def _one_letter_apart(one: str, other: str) -> bool:
    """Whether one letter is another, is missing, or has changed places with the next; never the plural S alone.

    >>> _one_letter_apart("SIEMENS", "SEIMENS"), _one_letter_apart("SIEMENS", "SIEMEN"), _one_letter_apart("LG", "GS")
    (True, False, False)
    """
    if abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    if short + "S" == long:
        return False
    start = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    if short[start + 1 :] == long[start + 1 :]:
        return True
    return short[start : start + 2] == long[start : start + 2][::-1] and short[start + 2 :] == long[start + 2 :]


def _firms(names: Sequence[Name]) -> Iterator[tuple[int, Name]]:
    return ((n, name) for n, name in enumerate(names) if not name.is_person)


def _grouped(keyed: Iterable[tuple[Key, int]]) -> dict[Key, list[int]]:
    groups: dict[Key, list[int]] = defaultdict(list)
    for key, n in keyed:
        groups[key].append(n)
    return {key: group for key, group in groups.items() if len(group) > 1}


# ---- groups


class _Groups:
    """Names put together tie by tie; never two that were decided to be two."""

    def __init__(self, seen: Sequence[Seen], decided: Registry) -> None:
        self._seen = seen
        self._decided = decided
        self._group_of = list(range(len(seen)))
        self._members: dict[int, list[int]] = {n: [n] for n in range(len(seen))}
        self._ties: dict[int, list[_Tie]] = defaultdict(list)
        first_of: dict[str, int] = {}
        for n, one in enumerate(seen):
            representative = decided.of(one.name)
            if representative is not None:
                self._merge(first_of.setdefault(representative, n), n)

    def of(self, n: int) -> int:
        return self._group_of[n]

    def members(self, n: int) -> list[int]:
        return self._members[self._group_of[n]]

    def representative(self, n: int) -> str | None:
        given = (self._decided.of(self._seen[member].name) for member in self.members(n))
        return next((name for name in given if name is not None), None)

    def may_join(self, one: int, other: int) -> bool:
        first, second = self.representative(one), self.representative(other)
        if first is not None and second is not None and first != second:
            return False
        left = {self._seen[n].name for n in self.members(one)}
        right = {self._seen[n].name for n in self.members(other)}
        return not any((a in left and b in right) or (b in left and a in right) for a, b in self._decided.apart)

    def join(self, tie: _Tie) -> None:
        if self.of(tie.one) == self.of(tie.other):
            return
        if self.may_join(tie.one, tie.other):
            group = self._merge(tie.one, tie.other)
            self._ties[group].append(tie)

    def proposals(self, names: Sequence[Name]) -> Iterator[Proposal]:
        for group, ties in self._ties.items():
            members = sorted(self._members.get(group, ()))
            new = tuple(self._seen[n].name for n in members if self._decided.of(self._seen[n].name) is None)
            if new and ties:
                representative = self.representative(group) or without_form(names[members[0]].written)
                reasons = dict.fromkeys(reason for tie in ties for reason in tie.reasons)
                others = tuple(self._seen[n].name for n in members if self._decided.of(self._seen[n].name))
                yield Proposal(representative, new, min(tie.score for tie in ties), tuple(reasons), others)

    def _merge(self, one: int, other: int) -> int:
        into, gone = sorted((self._group_of[one], self._group_of[other]))
        if into == gone:
            return into
        for member in self._members[gone]:
            self._group_of[member] = into
        self._members[into] += self._members.pop(gone)
        self._ties[into] += self._ties.pop(gone, [])
        return into


def _doubtful(ties: Iterable[_Tie], groups: _Groups, seen: Sequence[Seen], names: Sequence[Name]) -> Iterator[Proposal]:
    """Ties between groups, each pair of groups once, by the first name of either."""
    told: set[tuple[int, int]] = set()
    for tie in ties:
        pair = tuple(sorted((groups.of(tie.one), groups.of(tie.other))))
        is_news = pair[0] != pair[1] and pair not in told and groups.may_join(*pair)
        if tie.score >= SURE or not is_news:
            continue
        told.add((pair[0], pair[1]))
        first, second = sorted((min(groups.members(pair[0])), min(groups.members(pair[1]))))
        representative = (
            groups.representative(first) or groups.representative(second) or without_form(names[first].written)
        )
        yield Proposal(representative, (seen[first].name, seen[second].name), tie.score, tie.reasons)
