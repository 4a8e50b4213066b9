"""The lines of a patent copied as text -> what kind of line each is: number, field of the front page, heading.

In: one line, without marks of markdown.  Out: the number, the field with its value, or the heading it holds, or None.
The judgement whether a text is a patent at all stands here too (``is_patent``): it takes a line that is a patent number
and headings that only patents have, or claims that refer to each other; one of these alone is a note about patents.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from dokhae.parse.headings import is_container, kind_of, squeeze
from dokhae.parse.numbers import read_number
from dokhae.types import Number, SectionKind

_MARKS = re.compile(r"^\s{0,8}(?:#{1,6}\s+|[>*+-]\s+)?|\*\*|__|(?<=\S)\s*#{1,6}\s*$")
_LABEL = (
    r"(?:United States |U\.?S\.? )?(?:Patent|Publication|Pub\.|Document)(?: Application)?(?: Publication)?"
    r"(?: No\.?| Number)?|(?:대한민국 ?)?(?:등록|공개|공고|특허|출원)(?:특허|실용신안|등록)?(?:공보|번호)?"
    r"|【?(?:公開番号|特許番号|公表番号|出願番号)】?"
)
_NUMBER = (
    r"US ?\d{4}/\d{7}(?: ?A\d)?"
    r"|(?:US|EP|WO|JP|KR|CN|DE|FR|GB|TW|CA|AU)[ -]?(?:RE|PP|[DHT])?\d[\d,./-]{4,16}(?: ?[A-Z]\d?)?"
    r"|(?:제 ?)?[123]0-\d{4}-\d{7}|(?:제 ?)?[123]0-\d{7}"
    r"|(?:特開|特表|特許第|再表|実登)[ 昭平令HS]{0,2}[\d０-９][\d０-９\-－]{3,14}"
)
_NUMBER_LINE = re.compile(
    rf"(?:[(\[]1[01][)\]] ?)?(?P<label>{_LABEL})?\s?[:：.]?\s?(?P<number>{_NUMBER})\s?[호号]?"
    r"(?:\s?\([A-Z]\d?\))?(?:\s?[-–—|:,]\s(?P<title>.{1,300}))?$",
    re.I,
)
_GROUPED = re.compile(rf"(?P<label>{_LABEL})\s?[:：.]?\s?(?P<number>\d{{1,2}},\d{{3}},\d{{3}})(?P<title>)$", re.I)
_INID = re.compile(r"[(\[](\d\d)[)\]]\s?")
_INID_FIELDS = {
    "10": "number", "11": "number", "12": "document_type", "21": "application_number", "22": "application_date",
    "43": "publication_date", "45": "grant_date", "24": "grant_date", "31": "priority_number", "32": "priority_date",
    "51": "ipc", "52": "cpc", "54": "title", "57": "abstract", "71": "applicants", "72": "inventors", "73": "owners",
    "74": "agents", "75": "inventors", "86": "pct_number", "87": "", "65": "publication_number",
}  # fmt: skip
# names of fields as they stand before their value, longest first where one begins like another
_NAMES = (
    ("title", r"발명의 ?명칭|고안의 ?명칭|【?発明の名称】?|Title(?: of (?:the )?Invention)?"),
    ("application_number", r"출원번호|【?出願番号】?|Appl(?:ication)?\.? (?:No\.?|Number)"),
    ("application_date", r"출원일자?|【?出願日】?|Filed|Filing Date"),
    ("publication_number", r"공개번호|【?公開番号】?|Pub(?:lication)?\.? (?:No\.?|Number)"),
    ("publication_date", r"공개일자?|【?公開日】?|Pub(?:lication)?\.? Date"),
    ("grant_number", r"등록번호|【?特許番号】?|Patent (?:No\.?|Number)"),
    ("grant_date", r"등록일자?|공고일자?|【?登録日】?|Date of Patent|Grant Date"),
    ("priority_number", r"우선권 ?(?:주장|번호)|【?優先権主張番号】?|Priority (?:No\.?|Number)"),
    ("ipc", r"국제특허분류(?:\(Int\. ?Cl\.\))?|【?国際特許分類】?|Int\.? ?Cl\.?|IPC"),
    ("cpc", r"CPC(?:특허분류)?"),
    ("applicants", r"출원인|【?出願人】?|【?特許出願人】?|Applicants?|(?:Original )?Assignees?"),
    ("owners", r"특허권자|【?特許権者】?|Current Assignees?"),
    ("inventors", r"발명자|【?発明者】?|Inventors?"),
    ("agents", r"대리인|【?代理人】?|Attorney, Agent,? or Firm"),
)
_FIELDS = tuple(
    (name, re.compile(rf"(?:{words})(?:\s?[:：]\s?|(?<=】)\s?|\s{{2,}}|\t)(.*)$", re.I)) for name, words in _NAMES
)
_AFTER_CODE = tuple((name, re.compile(rf"(?:{words})\s?[:：]?\s?", re.I)) for name, words in _NAMES)
_HEADING_CHARS = 90
_Heading = tuple[str, SectionKind | None, str]
_BRACKETED = re.compile(r"^[【\[<〔［]\s?(?P<name>[^】\]>〕］\n]{1,40})\s?[】\]>〕］]\s*(?P<rest>.*)$", re.S)
_DOCUMENT_NAME = re.compile(r"【書類名】\s*(.{2,30})$")
_ASIAN = re.compile("[가-힣\u3041-\u30ff\u4e00-\u9fff]")
# English headings that stand in patents and nowhere else (squeezed)
_ONLY_IN_PATENTS = re.compile(
    "INVENTION|EMBODIMENT|PRIORART|RELATEDART|BACKGROUNDART|TECHNICALFIELD|TECHNICALPROBLEM|SOLUTIONTOPROBLEM|CLAIM"
    "|ADVANTAGEOUSEFFECT|INDUSTRIALAPPLIC|CROSSREFERENCETO|OFTHEDRAWING|OFDRAWINGS|SEVERALVIEWS"
)
_CLAIMS_WORDS = r"what (?:is|i) claim(?:ed)?(?: is)?|(?:i|we) claim|the invention claimed is|claims? ?\(\d{1,4}\)"
_CLAIMS_LINE = re.compile(rf"(?:{_CLAIMS_WORDS})[:.]?$", re.I)
_CLAIM = re.compile(
    r"(?:(\d{1,3})\s?[.)]\s+(?=[A-Z가-힣])|[【\[]\s?(?:청구항|請求項)\s?([\d０-９]{1,3})\s?[】\]]"
    r"|청구항 ?(\d{1,3})[.:]?\s?$)"
)
_REFERS = re.compile(
    r"\b(?:of|in|to|by|with|per) (?:any (?:one )?of )?claims? \d|as claimed in|제 ?\d{1,3} ?항에|청구항 ?\d{1,3}에"
    r"|請求項[\d０-９]+(?:に|又|ま|乃)"
)
_SOURCE_CODE = re.compile(
    r"from \S+ import |import \S+$|def \w+\(|class \w+[(:]|#include [<\"]|#!/|package [\w.]+;$"
    r"|[A-Za-z_]\w* = [\"'(\[{]|\"\"\"|'''|/\*|//"
)
_NO_PROSE = re.compile(
    r"[{};]\s*$|^\s*(?:def|class|import|from|return|function|const|let|var|public|#include|SELECT)\b|^\s*```|^\s*@"
)


def plain_line(line: str) -> str:
    """A line without marks of markdown, on one line.

    >>> plain_line("## **BACKGROUND** ##")
    'BACKGROUND'
    """
    return " ".join(_MARKS.sub("", line[:4000]).split())


def number_line(line: str) -> tuple[Number, str] | None:
    """The number a line consists of, and the title that may follow it.

    >>> number_line("US9145216B2 - Lens drive")[0].compact, number_line("see US9145216B2 for more")
    ('US9145216B2', None)
    """
    if len(line) > 400:
        return None
    match = _NUMBER_LINE.match(line) or _GROUPED.match(line)
    if match is None:
        return None
    office = "US" if match.re is _GROUPED else None
    labelled = f"{match['label'] or ''} {match['number']}"
    number = read_number(labelled, office=office) or read_number(match["number"], office=office)
    return (number, (match["title"] or "").strip()) if number else None


def field_of(line: str) -> tuple[str, str] | None:
    """A field of the front page and the value beside it; the name "" for a code that has no field here.

    >>> field_of("(54) 발명의 명칭 렌즈 구동 장치"), field_of("Inventors: Hana Kim; Ben Ito")
    (('title', '렌즈 구동 장치'), ('inventors', 'Hana Kim; Ben Ito'))
    """
    coded = _INID.match(line)
    if coded and coded[1] in _INID_FIELDS:
        rest = line[coded.end() :]
        for name, words in _AFTER_CODE:
            named = words.match(rest)
            if named:
                return name, rest[named.end() :].strip()
        return _INID_FIELDS[coded[1]], rest.strip()
    return next(((name, match[1].strip()) for name, words in _FIELDS if (match := words.match(line))), None)


def heading_in(line: str) -> _Heading | None:
    """Heading, the kind it opens (None for a container) and what follows it on its line; None for other lines.

    >>> heading_in("[발명의 효과] 빠르다."), heading_in("The lens moves.")
    (('[발명의 효과]', <SectionKind.effect: 'effect'>, '빠르다.'), None)
    """
    named = _DOCUMENT_NAME.match(line)
    if named:
        return line, kind_of(named[1]), ""
    bracketed = _BRACKETED.match(line)
    if bracketed:
        kind = kind_of(bracketed["name"])
        if kind is not None or is_container(bracketed["name"]):
            return line[: bracketed.start("rest")].strip(), kind, bracketed["rest"]
        return None
    text = line.rstrip(":：").strip()
    if _CLAIMS_LINE.match(line):
        return line, SectionKind.claims, ""
    if not 0 < len(text) <= _HEADING_CHARS or text.endswith((".", ",", ";", "다")) or text[0].islower():
        return None
    kind = kind_of(text)
    return (line, kind, "") if kind is not None or is_container(text) else None


def is_patent(raw: Sequence[str]) -> bool:
    """Whether lines, as they stand in the file, begin a patent."""
    lines = [(plain_line(line), line.lstrip().startswith("#")) for line in raw if line.strip()]
    kept = [line for line, _ in lines]
    if any(map(_SOURCE_CODE.match, raw)):
        return False
    if not kept or sum(bool(_NO_PROSE.search(line)) for line in kept) * 8 > len(kept):
        return False
    kinds: set[SectionKind] = set()
    is_sure = False
    for line in kept:
        heading = heading_in(line)
        if heading and heading[1]:
            kinds.add(heading[1])
            words = squeeze(heading[0])
            is_sure = is_sure or bool(_ONLY_IN_PATENTS.search(words)) or bool(_ASIAN.search(words))
    has_number = any(map(number_line, kept)) or _n_codes(kept) >= 3
    has_claims = _has_claims(lines)
    return (has_number and ((len(kinds) >= 2 and is_sure) or has_claims)) or (has_claims and is_sure)


def _n_codes(lines: Sequence[str]) -> int:
    """How many INID codes begin lines."""
    found = (_INID.match(line) for line in lines)
    return len({match[1] for match in found if match and match[1] in _INID_FIELDS})


def _has_claims(lines: Sequence[tuple[str, bool]]) -> bool:
    """Whether claims 1 and 2 begin lines, in this order, and one from 2 on refers to another.

    lines: with whether each is a heading of markdown, where a bare number counts chapters ("## 4. Claims").
    """
    numbers: list[int] = []
    refers = False
    for n, (line, is_markdown) in enumerate(lines):
        match = _CLAIM.match(line)
        if match and not (is_markdown and match[1]):
            numbers.append(int(next(filter(None, match.groups()))))
            following = lines[n + 1][0] if n + 1 < len(lines) and not match[1] else ""
            refers = refers or (numbers[-1] > 1 and bool(_REFERS.search(f"{line} {following}")))
    return refers and any(b == 2 for a, b in pairwise(numbers) if a == 1)
