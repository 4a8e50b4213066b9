# ruff: noqa: E501 - markup keeps the lines it has on the pages
"""Pages of Google Patents made by hand: what the server sends, and what a browser saves after its scripts have run."""

from __future__ import annotations

from collections.abc import Sequence

MENU = "<nav><a href='/advanced'>Advanced search</a></nav><div class='ad'>Buy lenses now</div>"
SIMILAR = """<section><h2>Similar Documents</h2><table><tr itemprop="similarDocuments" itemscope repeat>
<td><span itemprop="publicationNumber">US1111111A</span> <time itemprop="publicationDate" datetime="1914-09-22"></time></td>
<td itemprop="title">Another thing nobody asked for</td></tr></table></section>"""


def claim(number: int, text: str, *, refers_to: int = 0) -> str:
    shown = f'<div id="CLM-{number:05}" num="{number:05}" class="claim"><div class="claim-text">{text}</div></div>'
    reference = f'<claim-ref idref="CLM-{refers_to:05}">'
    return f'<li class="{"claim-dependent" if refers_to else "claim"}">{shown.replace("<ref>", reference)}</li>'


def page(
    *,
    number: str = "US9145216B2",
    title: str = "Lens drive apparatus",
    lang: str = "en",
    abstract: str = "A coil moves a lens.",
    description: str = '<heading id="h-0001">SUMMARY</heading><div num="0002" class="description-paragraph">It moves.</div>',
    claims: Sequence[str] = (claim(1, "1. A lens drive comprising a coil."),),
    info: str = "",
    head: str = "",
) -> str:
    """A page as the server sends it."""
    return f"""<!doctype html><html lang="{lang}"><head><title>{number} - {title}
 - Google Patents</title><meta name="DC.type" content="patent">
<link rel="canonical" href="https://patents.google.com/patent/{number}/{lang}">{head}
<script>document.write("never text")</script><style>p {{ color: red }}</style></head><body>{MENU}<search-app>
<article class="result" itemscope itemtype="http://schema.org/ScholarlyArticle">
<h1 itemprop="pageTitle">{number} - {title} - Google Patents</h1><span itemprop="title">{title}
 </span><dl><dt>Publication number</dt><dd itemprop="publicationNumber">{number}</dd>{info}</dl>
<section itemprop="abstract" itemscope><h2>Abstract</h2><div itemprop="content" html><abstract><div class="abstract">
{abstract}</div></abstract></div></section>
<section itemprop="description" itemscope><h2>Description</h2><div itemprop="content" html><div class="description">
{description}</div></div></section>
<section itemprop="claims" itemscope><h2>Claims (<span itemprop="count">{len(claims)}</span>)</h2>
<div itemprop="content" html><ol class="claims">{"".join(claims)}</ol></div></section>{SIMILAR}</article></search-app>
<script>more()</script></body></html>"""


INFO = """<dt>Application number</dt><dd itemprop="applicationNumber">US14/161,001</dd>
<dd itemprop="inventor" repeat>Hana Kim</dd><dd itemprop="inventor" repeat>Ben Ito</dd>
<dd itemprop="assigneeOriginal" repeat>Example Optics Inc</dd><dd itemprop="assigneeCurrent" repeat>Holding LLC</dd>
<dd><time itemprop="priorityDate" datetime="2013-01-22">2013-01-22</time></dd>
<dd><time itemprop="filingDate" datetime="2014-01-22">2014-01-22</time></dd>
<dd><time itemprop="publicationDate" datetime="2015-09-29">2015-09-29</time></dd>
<dd itemprop="legalStatusIfi" itemscope><span itemprop="status">Active</span></dd>
<section><h2>Classifications</h2><ul><li itemprop="classifications" itemscope repeat><span itemprop="Code">G02B</span>
<meta itemprop="IsCPC" content="true"></li><li itemprop="classifications" itemscope repeat>
<span itemprop="Code">G02B7/02</span><meta itemprop="Leaf" content="true"><meta itemprop="IsCPC" content="true"></li></ul>
</section><section itemprop="family" itemscope><h1>Family</h1><h2>ID=53543838</h2></section>
<table><tr itemprop="priorApps" itemscope repeat><td><span itemprop="applicationNumber">KR1020130006789A</span></td></tr>
<tr itemprop="backwardReferences" itemscope repeat><td><span itemprop="publicationNumber">US7654321B2</span></td></tr></table>
"""


def translated(original: str, translation: str) -> str:
    return f'<span class="notranslate"> <span class="google-src-text">{original}</span> {translation}</span>'


SAVED = """<!DOCTYPE html>
<!-- saved from url=(0049)https://patents.google.com/patent/KR101234567B1/ko -->
<html lang="ko"><head><meta charset="UTF-8"><style>x{}</style><title>KR101234567B1 - 렌즈 구동 장치 - Google Patents</title>
<meta name="DC.type" content="patent"><meta name="DC.title" content="렌즈 구동 장치">
<meta name="DC.date" content="2012-02-16" scheme="dateSubmitted"><meta name="DC.date" content="2013-02-20" scheme="issue">
<meta name="citation_patent_application_number" content="KR:1020120016332A">
<meta name="citation_patent_number" content="KR:101234567:B1">
<meta name="DC.contributor" content="김하나" scheme="inventor"><meta name="DC.contributor" content="(주)보기" scheme="assignee">
<meta name="DC.relation" content="KR:20110012345:A" scheme="references"></head><body><search-app class="style-scope">
<div>검색 필터 지우기</div><patent-result class="style-scope"><h1 id="title" class="style-scope">렌즈 구동 장치</h1>
<section class="knowledge-card"><h2 id="pubnum">KR101234567B1</h2></section>
<patent-text name="abstract" class="style-scope"><section id="text"><h3>Abstract</h3><abstract lang="ko">
<div class="abstract style-scope">코일이 렌즈를 움직인다.</div></abstract></section></patent-text>
<patent-text name="description"><section id="text"><div class="description style-scope"><heading>해결하려는 과제</heading>
<div class="description-paragraph style-scope" num="0005">흔들림을 줄인다.</div></div></section></patent-text>
<patent-text name="claims"><section id="text"><div class="claims style-scope">
<div class="claim style-scope"><div class="claim style-scope" num="1"><div class="claim-text">코일을 포함하는 렌즈 구동 장치.</div></div></div>
<div class="claim-dependent style-scope"><div class="claim style-scope" num="2"><div class="claim-text">제1항에 있어서,
<div class="claim-text">상기 코일은 구리인 렌즈 구동 장치.</div></div></div></div></div></section></patent-text>
<section id="similarDocuments"><h3>Similar Documents</h3>다른 문서</section></patent-result></search-app></body></html>"""
