"""What each invented patent is, before a word of it is written: mechanism, numbers, people, dates.

In: a seed and how many patents of which form.  Out: ``Plan``s, the same for the same seed.  Serials lie beyond those
the offices have issued, so that no invented patent bears the number of a real one; the formats are the real ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from dokhae.sample.content import Applicant, Domain, Mechanism, Range, applicants, domains, names

FIRST_YEAR, AS_OF = 2008, date(2025, 12, 31)
MAX_PATENTS = 10_000
# Form -> share of the patents.  kipris and table: records of applications of which no full text is at hand.
FORMS = {"kr-pdf": 0.42, "uspto-xml": 0.22, "patent-document": 0.10, "kipris-xml": 0.16, "table": 0.10}
_FAMILY_SHARE = 0.4
_LAPSED_SHARE = 0.1


@dataclass(frozen=True)
class Value:
    """A number of this patent.  None = unbounded on that side."""

    low: float | None
    high: float | None
    approx: bool
    unit: str


@dataclass(frozen=True)
class Person:
    """ko: the name as Korean gazettes print it; en: (last, first)."""

    ko: str
    en: tuple[str, str]
    address: str
    country: str


@dataclass(frozen=True)
class Plan:
    """One patent to be written.  index: its place in the sample, from 0.  priority: the Korean patent it continues."""

    seed: int
    index: int
    form: str
    mechanism: Mechanism
    ipc: tuple[str, ...]
    aims: tuple[int, ...]
    values: Mapping[str, Value]
    applicant: Applicant
    applicant_name: str
    inventors: tuple[Person, ...]
    agent: tuple[str, str]
    examiner: tuple[str, str]
    filed: date
    published: date | None
    granted: date | None
    status: str
    priority: Plan | None = None

    @property
    def lang(self) -> str:
        return "en" if self.form in ("uspto-xml", "patent-document") else "ko"

    def rng(self, purpose: str) -> Random:
        """A stream of draws of its own, so that a change in one purpose leaves the others as they were."""
        return Random(f"{self.seed}/{self.index}/{purpose}")  # noqa: S311 - repeatable, not secret

    @property
    def application(self) -> str:
        """The application number: KR 10-2018-0900123, US 16900123, EP 18900123."""
        serial = 900_000 + self.index
        if self.form == "uspto-xml":
            return f"{12 + max(0, self.filed.year - 2009) // 2}{serial}"
        if self.form == "patent-document":
            return f"{self.filed.year % 100:02}{serial}"
        return f"10-{self.filed.year}-{serial:07}"

    @property
    def publication(self) -> str:
        """The number of the published application (KR 10-2019-0900123), "" where none was published."""
        return f"10-{self.published.year}-{900_000 + self.index:07}" if self.published else ""

    @property
    def grant(self) -> str:
        """The number of the granted patent: KR 10-3180123, US 18180123, EP 5180123; "" where none was granted."""
        if self.form == "patent-document":
            return f"5{self.filed.year % 100:02}{self.index:04}"
        if self.granted is None:
            return ""
        serial = f"{self.granted.year % 100:02}{self.index:04}"
        return f"18{serial}" if self.form == "uspto-xml" else f"10-3{serial}"

    @property
    def gazette_day(self) -> date:
        """When the document in hand came out: the Tuesday (US) or the week after the grant, else the publication."""
        if self.granted is None:
            return self.published or self.filed
        return self.granted + timedelta(days=(1 - self.granted.weekday()) % 7 if self.form == "uspto-xml" else 7)


def plans(count: int, seed: int, forms: Sequence[str]) -> Iterator[Plan]:
    """``count`` patents spread over ``forms`` by their shares; Korean full texts first, their families after."""
    korean: list[Plan] = []
    for index, form in enumerate(_forms(count, forms)):
        rng = Random(f"{seed}/{index}/plan")  # noqa: S311 - repeatable, not secret
        plan = _relative(rng, rng.choice(korean), index, form) if _continues(rng, form, korean) else None
        plan = plan or _invention(rng, seed, index, form)
        if form == "kr-pdf":
            korean.append(plan)
        yield plan


def _forms(count: int, forms: Sequence[str]) -> list[str]:
    total = sum(FORMS[form] for form in forms)
    exact = {form: count * FORMS[form] / total for form in forms}
    whole = {form: int(share) for form, share in exact.items()}
    # largest remainders first, so that the parts add up to count
    for form in sorted(forms, key=lambda f: whole[f] - exact[f])[: count - sum(whole.values())]:
        whole[form] += 1
    return [form for form in FORMS if form in whole for _ in range(whole[form])]


def _continues(rng: Random, form: str, korean: Sequence[Plan]) -> bool:
    return form in ("uspto-xml", "patent-document") and bool(korean) and rng.random() < _FAMILY_SHARE


def _invention(rng: Random, seed: int, index: int, form: str) -> Plan:
    domain = rng.choices(domains(), [d.weight for d in domains()])[0]
    mechanism = rng.choice(domain.mechanisms)
    filed = _filing_day(rng, domain, mechanism, form)
    published, granted = _later_days(rng, filed, form)
    applicant = _applicant(rng, domain, filed)
    return Plan(
        seed=seed,
        index=index,
        form=form,
        mechanism=mechanism,
        ipc=_ipc(domain, mechanism, filed),
        aims=(0, 1) if rng.random() < 0.4 else (rng.randrange(2),),
        values={name: _draw(rng, value) for name, value in mechanism.values.items()},
        applicant=applicant,
        applicant_name=rng.choice(applicant.ko),
        inventors=_inventors(rng, applicant.country),
        agent=_pair(rng, "agents"),
        examiner=_pair(rng, "examiners"),
        filed=filed,
        published=published,
        granted=granted,
        status=_status(rng, granted),
    )


def _relative(rng: Random, first: Plan, index: int, form: str) -> Plan | None:
    """The same invention filed abroad within the priority year, None where it would not be out yet."""
    filed = first.filed + timedelta(days=rng.randint(300, 364))
    published, granted = _later_days(rng, filed, form)
    if published is None or (form == "uspto-xml" and granted is None):
        return None
    return replace(
        first,
        index=index,
        form=form,
        filed=filed,
        published=published,
        granted=granted,
        agent=_pair(rng, "agents"),
        priority=first,
    )


def _filing_day(rng: Random, domain: Domain, mechanism: Mechanism, form: str) -> date:
    # a granted US patent or a gazette must be out by AS_OF; a record of an application only published
    last = {"uspto-xml": 2022, "patent-document": 2023}.get(form, 2024)
    years = range(max(FIRST_YEAR, mechanism.since), last + 1)
    weights = [domain.growth ** (year - FIRST_YEAR) * (0.35 if year == 2024 else 1) for year in years]
    year = rng.choices(years, weights)[0]
    return date(year, 1, 1) + timedelta(days=rng.randrange(150 if year == 2024 else 365))


def _later_days(rng: Random, filed: date, form: str) -> tuple[date | None, date | None]:
    """(publication, grant): 18 months and some days after filing; a grant 20 to 44 months after, often none yet."""
    published = filed + timedelta(days=548 + rng.randrange(14))
    granted = filed + timedelta(days=rng.randint(610, 900 if form == "uspto-xml" else 1340))
    pending = form != "uspto-xml" and rng.random() < (0.45 if form in ("kipris-xml", "table") else 0.15)
    return (
        published if published <= AS_OF else None,
        None if pending or granted + timedelta(days=7) > AS_OF else granted,
    )


def _applicant(rng: Random, domain: Domain, filed: date) -> Applicant:
    able = [a for a in applicants() if domain.id in a.fields and a.since <= filed.year]
    return rng.choices(able, [a.weight for a in able])[0]


def _inventors(rng: Random, country: str) -> tuple[Person, ...]:
    number = rng.choices((1, 2, 3, 4, 5), (3, 5, 5, 3, 1))[0]
    if country != "KR":
        there = [person for person in names()["abroad"] if person[-1] == country]
        drawn = rng.sample(there, min(number, len(there)))
        return tuple(Person(ko, (last, first), "", country) for ko, last, first, _ in drawn)
    people: dict[str, Person] = {}
    while len(people) < number:
        (sur, sur_en), (given, given_en) = rng.choice(names()["surnames"]), rng.choice(names()["given"])
        town = rng.choice(names()["towns"])
        address = town.format(
            n=rng.randint(3, 380), d=rng.randint(101, 118), h=rng.randint(2, 25) * 100 + rng.randint(1, 8)
        )
        people[sur + given] = Person(sur + given, (sur_en, given_en), address, "KR")
    return tuple(people.values())


def _pair(rng: Random, kind: str) -> tuple[str, str]:
    ko, en = rng.choice(names()[kind])
    return ko, en


def _ipc(domain: Domain, mechanism: Mechanism, filed: date) -> tuple[str, ...]:
    def current(symbol: str) -> str:
        since, successor = domain.renamed.get(symbol, (AS_OF.year + 1, symbol))
        return successor if filed.year >= since else symbol

    return tuple(current(symbol) for symbol in mechanism.ipc)


def _draw(rng: Random, value: Range) -> Value:
    low = rng.choice(value.low) if value.low else None
    high = rng.choice(value.high) if value.high else None
    if value.kind in ("value", "about"):
        low = high = low if low is not None else high
    return Value(low, high, value.kind == "about", value.unit)


def _status(rng: Random, granted: date | None) -> str:
    if granted is None:
        return rng.choices(("공개", "거절", "취하", "포기"), (6, 3, 1, 1))[0]
    return "소멸" if rng.random() < _LAPSED_SHARE else "등록"
