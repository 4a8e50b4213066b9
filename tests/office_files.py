"""Small documents of EPO, KIPO, JPO and CNIPA as XML, by hand: the names of elements are the offices' own."""

# ruff: noqa: E501  (lines as the offices write them)
from __future__ import annotations

JP_ST36 = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE jp-official-gazette PUBLIC "-//JPO//DTD PUBLISHED PATENT/UTILITY MODEL APPLICATION 1.0//EN" "gat-a.dtd">
<jp-official-gazette kind-of-jp="A" kind-of-st16="A" lang="ja" dtd-version="1.0" country="JP"
 xmlns:jp="http://www.jpo.go.jp"><bibliographic-data lang="ja" country="JP">
<publication-reference><document-id><country>JP</country><doc-number>2012123456</doc-number>
<kind>公開特許公報(A)</kind><date>20120628</date></document-id></publication-reference>
<application-reference><document-id><doc-number>2010275001</doc-number><date>20101209</date></document-id>
</application-reference>
<priority-claims><priority-claim sequence="1"><country>KR</country><doc-number>1020090123456</doc-number>
<date>20091211</date></priority-claim></priority-claims>
<invention-title>レンズ駆動装置</invention-title>
<classification-ipc><main-clsf>G02B   7/04     (2006.01)</main-clsf>
<further-clsf>H04N   5/225    (2006.01)</further-clsf></classification-ipc>
<classification-national><main-clsf>G02B   7/04    E</main-clsf></classification-national>
<number-of-claims>3</number-of-claims>
<parties><jp:applicants-agents-article><jp:applicants-agents sequence="1"><applicant sequence="1">
<addressbook lang="ja"><name>架空光学株式会社</name><address><text>東京都</text></address></addressbook></applicant>
<agent sequence="1"><addressbook lang="ja"><name>特許　太郎</name></addressbook></agent></jp:applicants-agents>
</jp:applicants-agents-article><inventors><inventor sequence="1"><addressbook lang="ja"><name>発明　花子</name>
</addressbook></inventor></inventors></parties>
<jp:theme-code-info><jp:theme-code>2H044</jp:theme-code></jp:theme-code-info></bibliographic-data>
<abstract><p num="">【課題】レンズを素早く動かす。<br/>【解決手段】コイル１０と磁石２０とを備える。【選択図】図１</p></abstract>
<claims><claim num="1"><claim-text>コイルと磁石とを備えるレンズ駆動装置。</claim-text></claim>
<claim num="2"><claim-text>前記コイルは銅である請求項１に記載のレンズ駆動装置。</claim-text></claim>
<claim num="3"><claim-text>請求項１又は２に記載のレンズ駆動装置の製造方法。</claim-text></claim></claims>
<description><technical-field><p num="0001">本発明は、レンズ駆動装置に関する。</p></technical-field>
<background-art><p num="0002">従来のレンズ駆動装置は遅い。</p></background-art>
<citation-list><patent-literature><p num="0003"><patcit num="1"><text>特開２００９年１２３４５６号公報</text></patcit></p>
</patent-literature></citation-list>
<summary-of-invention><tech-problem><p num="0004">応答が遅いという課題がある。</p></tech-problem>
<tech-solution><p num="0005">コイルに電流を流す。</p></tech-solution>
<advantageous-effects><p num="0006">応答が速くなる。</p></advantageous-effects></summary-of-invention>
<description-of-drawings><p num="0007"><figref num="1">断面図である。</figref></p></description-of-drawings>
<description-of-embodiments><p num="0008">以下、実施形態を説明する。厚さは１０<sup>-6</sup>ｍである。</p>
<heading>実施例１</heading><p num="0009">コイルを１００回巻いた。</p></description-of-embodiments>
<industrial-applicability><p num="0010">携帯電話に用いる。</p></industrial-applicability>
<reference-signs-list><p num="0011">１０　コイル</p></reference-signs-list></description>
<jp:written-amendment-group><jp:written-amendment><jp:amendment-article><jp:contents-of-amendment>
<claims><claim num="1"><claim-text>補正後のレンズ駆動装置。</claim-text></claim></claims>
</jp:contents-of-amendment></jp:amendment-article></jp:written-amendment></jp:written-amendment-group>
</jp-official-gazette>"""

JP_ST96 = """<?xml version="1.0" encoding="UTF-8"?>
<jppat:RegisteredPatentPublication com:languageCode="ja"
 xmlns:jppat="http://www.jpo.go.jp/standards/XMLSchema/ST96/JPPatent"
 xmlns:jpcom="http://www.jpo.go.jp/standards/XMLSchema/ST96/JPCommon"
 xmlns:pat="http://www.wipo.int/standards/XMLSchema/ST96/Patent"
 xmlns:com="http://www.wipo.int/standards/XMLSchema/ST96/Common">
<jppat:RegisteredPatentPublicationBibliographicData>
<jppat:PatentPublicationIdentification><com:IPOfficeCode>JP</com:IPOfficeCode>
<pat:PublicationNumber>7123456</pat:PublicationNumber><com:PublicationDate>2022-08-23</com:PublicationDate>
</jppat:PatentPublicationIdentification>
<jppat:ApplicationIdentification><com:ApplicationNumber>
<com:ApplicationNumberText>2019012345</com:ApplicationNumberText></com:ApplicationNumber>
<pat:FilingDate>2019-01-28</pat:FilingDate></jppat:ApplicationIdentification>
<pat:PlainLanguageDesignationText>特許公報(B2)</pat:PlainLanguageDesignationText>
<com:RegistrationDate>2022-08-15</com:RegistrationDate>
<jppat:RegisteredPatentPartyBag><jppat:ApplicantsRegisteredPractitionersBag><jppat:Applicant>
<jpcom:Contact><com:Name><com:EntityName>架空光学株式会社</com:EntityName></com:Name></jpcom:Contact>
</jppat:Applicant></jppat:ApplicantsRegisteredPractitionersBag><jppat:InventorBag><jppat:Inventor><jpcom:Contact>
<com:Name><com:EntityName>発明　花子</com:EntityName></com:Name></jpcom:Contact></jppat:Inventor></jppat:InventorBag>
</jppat:RegisteredPatentPartyBag>
<pat:InventionTitle>撮像装置</pat:InventionTitle>
<jppat:IPCClassification><pat:MainClassification>H04N  23/50   20230101AFI</pat:MainClassification>
</jppat:IPCClassification>
<jppat:ClaimTotalQuantitySet><pat:ClaimTotalQuantity>2</pat:ClaimTotalQuantity></jppat:ClaimTotalQuantitySet>
</jppat:RegisteredPatentPublicationBibliographicData>
<pat:Claims><pat:Claim><pat:ClaimNumber>1</pat:ClaimNumber><pat:ClaimText>レンズと撮像素子とを備える撮像装置。</pat:ClaimText>
</pat:Claim><pat:Claim><pat:ClaimNumber>2</pat:ClaimNumber><pat:ClaimText>手振れを補正する請求項１に記載の撮像装置。</pat:ClaimText>
</pat:Claim></pat:Claims>
<jppat:Description><pat:TechnicalField><com:P com:pNumber="0001">本発明は撮像装置に関する。</com:P></pat:TechnicalField>
<pat:InventionSummary><pat:TechnicalProblem><com:P com:pNumber="0002">小型化が課題である。</com:P></pat:TechnicalProblem>
<pat:TechnicalSolution><com:P com:pNumber="0003">素子を積層する。</com:P></pat:TechnicalSolution></pat:InventionSummary>
<pat:EmbodimentDescription><com:P com:pNumber="0004">一辺は５<com:Sup>2</com:Sup>ｍｍ<com:Br/>である。</com:P>
</pat:EmbodimentDescription></jppat:Description>
</jppat:RegisteredPatentPublication>"""

KIPO = """<?xml version="1.0" encoding="UTF-8"?>
<KIPO keapsVersion="5.6" editorKind="K" xmlns="http://www.kipo.go.kr"><PatentCAFDOC docflag="1.0" documentID="1">
<description><invention-title>렌즈 구동 장치{LENS DRIVING DEVICE}</invention-title>
<technical-field><p num="0001">본 발명은 렌즈 구동 장치에 관한 것이다.</p></technical-field>
<background-art><p num="0002">종래의 장치는 느리다.</p></background-art>
<citation-list><patent-literature><patcit num="1">공개특허공보 제10-2009-0012345호</patcit></patent-literature>
<non-patent-literature><nplcit num="1">광학 핸드북</nplcit></non-patent-literature></citation-list>
<summary-of-invention><tech-problem><p num="0003">응답 속도가 느린 문제가 있다.</p></tech-problem>
<tech-solution><p num="0004">코일에 전류를 흘린다.</p></tech-solution>
<advantageous-effects><p num="0005">응답이 빨라진다.</p></advantageous-effects></summary-of-invention>
<description-of-drawings><p num="0006">도 1은 단면도이다.</p></description-of-drawings>
<description-of-embodiments><p num="0007">이하 상세히 설명한다.<tables num="1"><table><tgroup cols="2"><tbody><row>
<entry>두께</entry><entry>10㎛</entry></row></tbody></tgroup></table></tables></p></description-of-embodiments>
<reference-signs-list><p num="0008">10: 코일</p></reference-signs-list></description>
<claims><claim num="1"><claim-text>코일;<br/>을 포함하는 렌즈 구동 장치.</claim-text></claim>
<claim num="2"><claim-text>삭제</claim-text></claim>
<claim num="3"><claim-text>제1항에 있어서,<br/>자석을 더 포함하는 렌즈 구동 장치.</claim-text></claim></claims>
<abstract><summary><p num="0001a">응답이 빠른 렌즈 구동 장치이다.</p></summary>
<abstract-figure><figref num="1">도 1</figref></abstract-figure></abstract>
<drawings><figure num="1"><img file="pat00001.tif"/></figure></drawings></PatentCAFDOC></KIPO>"""

KR_BCODES = """<?xml version="1.0" encoding="UTF-8"?>
<kr-patent-document lang="ko" country="KR"><SDOBI><B100><B110>10-1234567</B110><B130>B1</B130>
<B140><date>20130305</date></B140><B190>KR</B190></B100>
<B200><B210>10-2012-0016332</B210><B220><date>20120217</date></B220></B200>
<B500><B540><B541>ko</B541><B542>건식 스크러버</B542></B540></B500>
<B700><B730><B731><snm>가상기술 주식회사</snm><adr><ctry>KR</ctry></adr></B731></B730></B700></SDOBI>
<description><technical-field>기술분야가 문단 없이 적혀 있다.</technical-field></description>
<claims><claim num="1"><claim-text>버너를 포함하는 스크러버.</claim-text></claim></claims></kr-patent-document>"""

ST96 = """<?xml version="1.0" encoding="UTF-8"?>
<pat:PatentPublication com:languageCode="ko" com:st96Version="V6_0"
 xmlns:pat="http://www.wipo.int/standards/XMLSchema/ST96/Patent"
 xmlns:com="http://www.wipo.int/standards/XMLSchema/ST96/Common"><pat:BibliographicData com:officeCode="KR">
<pat:PatentPublicationIdentification><com:IPOfficeCode>KR</com:IPOfficeCode>
<pat:PublicationNumber>1020230012345</pat:PublicationNumber><com:PatentDocumentKindCode>A</com:PatentDocumentKindCode>
<com:PublicationDate>2023-01-25</com:PublicationDate></pat:PatentPublicationIdentification>
<pat:ApplicationIdentification><com:IPOfficeCode>KR</com:IPOfficeCode><com:ApplicationNumber>
<com:ApplicationNumberText>1020210098765</com:ApplicationNumberText></com:ApplicationNumber>
<pat:FilingDate>2021-07-15</pat:FilingDate></pat:ApplicationIdentification>
<pat:PriorityClaimBag><pat:PriorityClaim><com:IPOfficeCode>JP</com:IPOfficeCode><com:ApplicationNumber>
<com:ApplicationNumberText>2020123456</com:ApplicationNumberText></com:ApplicationNumber>
<pat:FilingDate>2020-07-16</pat:FilingDate></pat:PriorityClaim></pat:PriorityClaimBag>
<pat:IPCRClassificationBag><pat:IPCRClassification><pat:Section>H</pat:Section><pat:Class>04</pat:Class>
<pat:Subclass>N</pat:Subclass><pat:MainGroup>23</pat:MainGroup><pat:Subgroup>54</pat:Subgroup></pat:IPCRClassification>
</pat:IPCRClassificationBag><pat:InventionTitle com:languageCode="ko">카메라 모듈</pat:InventionTitle>
<pat:InventionTitle com:languageCode="en">CAMERA MODULE</pat:InventionTitle>
<pat:PartyBag><pat:ApplicantBag><pat:Applicant><com:Contact><com:Name><com:OrganizationName>
<com:OrganizationStandardName>주식회사 가상광학</com:OrganizationStandardName></com:OrganizationName></com:Name>
<com:PostalAddressBag><com:PostalAddress><com:CountryCode>KR</com:CountryCode></com:PostalAddress></com:PostalAddressBag>
</com:Contact></pat:Applicant></pat:ApplicantBag></pat:PartyBag></pat:BibliographicData>
<pat:Abstract><com:P com:pNumber="1">카메라 모듈을 개시한다.</com:P></pat:Abstract>
<pat:Description><pat:TechnicalField><com:P com:pNumber="0001">본 발명은 카메라 모듈에 관한 것이다.</com:P>
</pat:TechnicalField><pat:Disclosure><pat:TechnicalProblem><com:P com:pNumber="0002">렌즈가 흔들린다.</com:P>
</pat:TechnicalProblem><pat:TechnicalSolution><com:P com:pNumber="0003">코일을 둔다.</com:P></pat:TechnicalSolution>
<pat:AdvantageousEffects><com:P com:pNumber="0004">흔들림이 준다.</com:P></pat:AdvantageousEffects></pat:Disclosure>
<pat:ReferenceSignBag><pat:ReferenceSign>10: 코일</pat:ReferenceSign></pat:ReferenceSignBag></pat:Description>
<pat:Claims><pat:Claim><pat:ClaimNumber>1</pat:ClaimNumber><pat:ClaimText>코일을 포함하는 카메라 모듈.</pat:ClaimText>
</pat:Claim><pat:Claim><pat:ClaimNumber>2</pat:ClaimNumber><pat:ClaimText>제1항에 있어서,<pat:ClaimText>자석을 더
포함하는 카메라 모듈.</pat:ClaimText></pat:ClaimText></pat:Claim></pat:Claims></pat:PatentPublication>"""

CN_ST36 = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE cn-patent-document SYSTEM "dtd/cn-patent-document-06-10-27.dtd">
<cn-patent-document lang="ZH" country="CN"><cn-bibliographic-data><cn-publication-reference><document-id>
<country>CN</country><doc-number>101234567</doc-number><kind>A</kind><date>20080806</date></document-id>
</cn-publication-reference><application-reference appl-type="invention"><document-id><country>CN</country>
<doc-number>200710001234.5</doc-number><date>20070115</date></document-id></application-reference>
<invention-title>镜头驱动装置</invention-title>
<abstract><p>一种响应快的镜头驱动装置。</p></abstract></cn-bibliographic-data>
<application-body lang="CN" country="CN"><description><invention-title>镜头驱动装置</invention-title>
<technical-field><p>技术领域</p><p id="d1" num="0001">本发明涉及镜头驱动装置。</p></technical-field>
<background-art><p num="0002">现有的装置响应慢。</p></background-art>
<disclosure><p num="0003">本发明的目的是提供响应快的装置。</p></disclosure>
<mode-for-invention><p num="0004">下面说明实施方式。</p></mode-for-invention></description>
<claims><claim id="cl0001" num="0001"><claim-text>1. 一种镜头驱动装置，包括线圈和磁铁。</claim-text></claim>
<claim id="cl0002" num="0002"><claim-text>2. 根据权利要求1所述的镜头驱动装置，其特征在于，所述线圈为铜。</claim-text></claim></claims>
</application-body></cn-patent-document>"""

CN_BUSINESS = """<?xml version="1.0" encoding="UTF-8"?>
<business:PatentDocumentAndRelated xsdVersion="V2.2.1" status="C" lang="zh" country="CN" docNumber="104751825"
 kind="B" datePublication="20231003" xmlns:business="http://www.sipo.gov.cn/XMLSchema/business"
 xmlns:base="http://www.sipo.gov.cn/XMLSchema/base"><business:BibliographicData>
<business:PublicationReference dataFormat="original"><base:DocumentID><base:WIPOST3Code>CN</base:WIPOST3Code>
<base:DocNumber>104751825</base:DocNumber><base:Kind>B</base:Kind><base:Date>20231003</base:Date></base:DocumentID>
</business:PublicationReference><business:ApplicationReference applType="10"><base:DocumentID>
<base:WIPOST3Code>CN</base:WIPOST3Code><base:DocNumber>201510163325.6</base:DocNumber><base:Date>20150408</base:Date>
</base:DocumentID></business:ApplicationReference><business:ClassificationIPCRDetails><business:ClassificationIPCR>
<base:Text>G09G   5/10 (2006.01)</base:Text></business:ClassificationIPCR></business:ClassificationIPCRDetails>
<business:InventionTitle>显示装置</business:InventionTitle><business:Parties><business:ApplicantDetails>
<business:Applicant><base:AddressBook><base:Name>虚构科技有限公司</base:Name></base:AddressBook></business:Applicant>
</business:ApplicantDetails><business:InventorDetails><business:Inventor><base:AddressBook><base:Name>张三</base:Name>
</base:AddressBook></business:Inventor></business:InventorDetails></business:Parties></business:BibliographicData>
<business:Abstract><base:Paragraphs num="0001">一种显示装置。</base:Paragraphs></business:Abstract>
<business:Claims><business:Claim num="1"><business:ClaimText>一种显示装置，包括面板。</business:ClaimText></business:Claim>
<business:Claim num="2"><business:ClaimText>根据权利要求1所述的显示装置，其特征在于，还包括背光。</business:ClaimText>
</business:Claim></business:Claims><business:Description><business:TechnicalField>
<base:Paragraphs num="0001">本发明涉及显示装置。</base:Paragraphs></business:TechnicalField><business:BackgroundArt>
<base:Paragraphs num="0002">现有的显示装置较暗。</base:Paragraphs></business:BackgroundArt><business:DrawingsDescription>
<base:Paragraphs num="0003">图1是剖视图。</base:Paragraphs></business:DrawingsDescription><business:InventionMode>
<base:Paragraphs num="0004">下面说明。</base:Paragraphs></business:InventionMode></business:Description>
</business:PatentDocumentAndRelated>"""

UNKNOWN_ROOT = """<my-export><patno>KR 10-1234567 B1</patno><invention-title lang="en">A lens driver</invention-title>
<description><technical-field>The invention relates to a lens driver.</technical-field></description>
<claims><claim num="1"><claim-text>A lens driver comprising a coil.</claim-text></claim>
<claim num="2"><claim-text>The lens driver of claim 2, wherein the coil is copper.</claim-text></claim></claims></my-export>"""

ALL = (JP_ST36, JP_ST96, KIPO, KR_BCODES, ST96, CN_ST36, CN_BUSINESS, UNKNOWN_ROOT)

EP_BIBLIO = """<SDOBI lang="en"><B100><B110>1234567</B110><B130>{kind}</B130><B140><date>20100310</date></B140>
<B190>EP</B190></B100><B200><B210>05701234.5</B210><B220><date>20050117</date></B220></B200>
<B300><B310>10510</B310><B320><date>20040120</date></B320><B330><ctry>DE</ctry></B330>
<B310>587123 P</B310><B320><date>20040712</date></B320><B330><ctry>US</ctry></B330></B300>
<B400><B430><date>20061108</date></B430><B450><date>20100310</date></B450></B400>
<B500><B510><B516>7</B516><B511> 7G 02B   7/02   A</B511></B510><B540><B541>de</B541><B542>Linse</B542><B541>en</B541>
<B542>Lens</B542></B540><B560><B561><text>DE-A- 2 307 773</text></B561>
<B562><text>Optics, vol. 1</text></B562></B560></B500>
<B600><B620><parent><pdoc><dnum><anum>04700001.2</anum><pnum>1111111</pnum></dnum></pdoc></parent></B620></B600>
<B700><B720><B721><snm>Muster, Max</snm><adr><ctry>DE</ctry></adr></B721></B720>
<B730><B731><snm>Example Optics &amp; Co.</snm><adr><ctry>GB</ctry></adr></B731></B730></B700>
<B800><B860><B861><dnum><anum>EP2005000400</anum></dnum></B861></B860>
<B870><B871><dnum><pnum>WO2005071111</pnum></dnum></B871></B870></B800></SDOBI>"""
EP_CLAIMS = """<claims id="c1" lang="en"><claim num="0001"><claim-text>A lens comprising a frame.</claim-text></claim>
<claim num="0002"><claim-text>The lens of claim 1, wherein the frame is round.</claim-text></claim></claims>
<claims id="c2" lang="de"><claim num="0001"><claim-text>Linse mit einem Rahmen und einer Fassung.</claim-text></claim>
<claim num="0002"><claim-text>Linse nach Anspruch 1, wobei der Rahmen rund ist.</claim-text></claim></claims>"""
EP_BODY = """<description id="desc" lang="en"><heading id="h1">Technical Field</heading>
<p id="p1" num="0001">The invention relates to a lens with a frame.</p></description>"""


def ep_xml(body: str = EP_BODY + EP_CLAIMS, kind: str = "B1") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><ep-patent-document lang="en" country="EP" doc-number="1234567" '
        f'kind="{kind}" date-publ="20100310">{EP_BIBLIO.format(kind=kind)}{body}</ep-patent-document>'
    ).encode()


OPS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><ops:world-patent-data xmlns="http://www.epo.org/exchange" '
    'xmlns:ops="http://ops.epo.org" xmlns:reg="http://www.epo.org/register" xmlns:ftxt="http://www.epo.org/fulltext">'
)
OPS_TAIL = "</ops:world-patent-data>"
OPS_IDS = """<publication-reference><document-id document-id-type="docdb"><country>{office}</country>
<doc-number>{number}</doc-number><kind>{kind}</kind><date>20000517</date></document-id></publication-reference>"""
OPS_EXCHANGE = """<exchange-document family-id="19768124" country="EP" doc-number="{number}" kind="{kind}">
<bibliographic-data>{ids}<classifications-ipcr><classification-ipcr><text>B28B   1/    29            A I</text>
</classification-ipcr></classifications-ipcr><patent-classifications><patent-classification>
<classification-scheme office="EP" scheme="CPCI"/><section>B</section><class>28</class><subclass>B</subclass>
<main-group>5</main-group><subgroup>022</subgroup></patent-classification></patent-classifications>
<application-reference><document-id document-id-type="docdb"><country>EP</country><doc-number>99203729</doc-number>
<kind>A</kind></document-id><document-id document-id-type="epodoc"><doc-number>EP19990203729</doc-number>
<date>19991108</date></document-id></application-reference><priority-claims><priority-claim>
<document-id document-id-type="epodoc"><doc-number>KR20120016332</doc-number><date>20120217</date></document-id>
</priority-claim><priority-claim><document-id document-id-type="epodoc"><doc-number>NL19981010536</doc-number>
<date>19981112</date></document-id><document-id document-id-type="original"><doc-number>1010536</doc-number>
</document-id></priority-claim></priority-claims><parties><applicants>
<applicant sequence="1" data-format="epodoc"><applicant-name><name>EXAMPLE BV [NL]</name></applicant-name></applicant>
<applicant sequence="1" data-format="original"><applicant-name><name>Example B.V.,</name></applicant-name></applicant>
</applicants></parties><invention-title lang="en">Bricks</invention-title></bibliographic-data>
<abstract lang="en"><p>The invention relates to bricks of the clay. &lt;IMAGE></p></abstract></exchange-document>"""


def ops_exchange(number: str, kind: str) -> str:
    return OPS_EXCHANGE.format(number=number, kind=kind, ids=OPS_IDS.format(office="EP", number=number, kind=kind))


EP = ep_xml()
OPS = (OPS_HEAD + ops_exchange("1000000", "A1") + OPS_TAIL).encode()
