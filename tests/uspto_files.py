"""USPTO files of 2001-04, made up: a grant as SGML and as XML, an application; each option changes one fact."""

from __future__ import annotations

PATDOC_XML_HEAD = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE PATDOC SYSTEM "ST32-US-Grant-025xml.dtd" [
<!ENTITY US06500001-20021231-D00001.TIF SYSTEM "US06500001-20021231-D00001.TIF" NDATA TIF>
]>
"""
PATDOC_SGML_HEAD = b"""<!DOCTYPE PATDOC PUBLIC "-//USPTO//DTD ST.32 US PATENT GRANT V2.4 2000-09-20//EN" [
<!ENTITY US06500001-20010102-D00001.TIF SYSTEM "US06500001-20010102-D00001.TIF" NDATA TIF>
]>
"""

PATDOC_BIBLIO = """<SDOBI>
<B100><B110><DNUM><PDAT>{number}</PDAT></DNUM></B110><B130><PDAT>{kind}</PDAT></B130>
<B140><DATE><PDAT>{granted}</PDAT></DATE></B140><B190><PDAT>US</PDAT></B190></B100>
<B200><B210><DNUM><PDAT>09529968</PDAT></DNUM></B210><B211US><PDAT>09</PDAT></B211US>
<B220><DATE><PDAT>20000424</PDAT></DATE></B220></B200>
<B300><B310><DNUM><PDAT>9-290033</PDAT></DNUM></B310><B320><DATE><PDAT>19971022</PDAT></DATE></B320>
<B330><CTRY><PDAT>JP</PDAT></CTRY></B330></B300>
<B400><B472><B473US><B474US><PDAT>33</PDAT></B474US></B472></B400>
<B500><B510><B511><PDAT>H04N  5225</PDAT></B511><B512><PDAT>E03C  104</PDAT></B512></B510>
<B520><B521><PDAT>{us_class}</PDAT></B521><B522><PDAT>709201</PDAT></B522></B520>
<B540><STEXT><PDAT>Lens </PDAT><HIL><ITALIC><PDAT>drive</PDAT></ITALIC></HIL><PDAT> unit</PDAT></STEXT></B540>
<B560><B561><PCIT><DOC><DNUM><PDAT>5825759</PDAT></DNUM><DATE><PDAT>19981000</PDAT></DATE><KIND><PDAT>A</PDAT></KIND>
</DOC></PCIT><CITED-BY-EXAMINER></B561>
<B561><PCIT><DOC><DNUM><PDAT>96/25012</PDAT></DNUM><CTRY><PDAT>WO</PDAT></CTRY></DOC></PCIT><CITED-BY-OTHER></B561>
<B562><NCIT><STEXT><PDAT>Kim &amp; Lee, &ldquo;Lenses&rdquo;, 1996.</PDAT></STEXT></NCIT><CITED-BY-OTHER></B562></B560>
<B570><B577><PDAT>{claims}</PDAT></B577><B578US><PDAT>1</PDAT></B578US></B570>
<B590><B595><PDAT>3</PDAT></B595><B596><PDAT>5</PDAT></B596><B597US></B590></B500>
<B600><B630><B632><PARENT-US><CDOC><DOC><DNUM><PDAT>09/529968</PDAT></DNUM></DOC></CDOC>
<PDOC><DOC><DNUM><PDAT>08/123456</PDAT></DNUM><DATE><PDAT>19980402</PDAT></DATE><KIND><PDAT>00</PDAT></KIND></DOC></PDOC>
<PSTA><PDAT>01</PDAT></PSTA><PPUB><DOC><DNUM><PDAT>6123456</PDAT></DNUM></DOC></PPUB></PARENT-US></B632></B630>
<B680US><DOC><DNUM><PDAT>60/256447</PDAT></DNUM><DATE><PDAT>19970218</PDAT></DATE><KIND><PDAT>00</PDAT></KIND></DOC></B680US>
<B690US><DOC><DNUM><PDAT>20010108205</PDAT></DNUM><DATE><PDAT>20010815</PDAT></DATE><KIND><PDAT>A1</PDAT></KIND></DOC></B690US>
</B600>
<B700><B720><B721><PARTY-US><NAM><FNM><PDAT>Min</PDAT></FNM><SNM><STEXT><PDAT>Kim</PDAT></STEXT></SNM></NAM>
<ADR><CITY><PDAT>Seoul</PDAT></CITY><CTRY><PDAT>KR</PDAT></CTRY></ADR></PARTY-US></B721></B720>
<B730><B731><PARTY-US><NAM><ONM><STEXT><PDAT>Lens &amp; Co.</PDAT></STEXT></ONM></NAM>
<ADR><CITY><PDAT>Alameda</PDAT></CITY><STATE><PDAT>CA</PDAT></STATE></ADR></PARTY-US></B731></B730>
<B740><B741><PARTY-US><NAM><ONM><STEXT><PDAT>Agent LLP</PDAT></STEXT></ONM></NAM></PARTY-US></B741></B740></B700>
<B800><B860><B861><DOC><DNUM><PDAT>PCT/JP98/04545</PDAT></DNUM><CTRY><PDAT>WO</PDAT></CTRY></DOC></B861>
<B864US><DATE><PDAT>20000424</PDAT></DATE></B864US></B860></B800>
</SDOBI>"""

PATDOC_BODY = """
<SDOAB><BTEXT><PARA><PTEXT><PDAT>A unit drives a lens.</PDAT></PTEXT></PARA></BTEXT></SDOAB>
<SDODE><RELAPP><BTEXT><PARA><PTEXT><PDAT>This is a continuation.</PDAT></PTEXT></PARA></BTEXT></RELAPP>
<BRFSUM><BTEXT><H LVL="1"><STEXT><PDAT>BACKGROUND</PDAT></STEXT></H>
<PARA><PTEXT><PDAT>Lenses CO</PDAT><HIL><BOLD><PDAT>1</PDAT></BOLD></HIL><PDAT> shake by 10</PDAT>\
<HIL><SP><PDAT>&minus;6 </PDAT></SP></HIL><PDAT>m at 5 &mgr;m.</PDAT></PTEXT></PARA></BTEXT></BRFSUM>
<DRWDESC><BTEXT><H><STEXT><PDAT>DETAILED DESCRIPTION OF THE DRAWINGS</PDAT></STEXT></H>
<PARA><PTEXT><FGREF ID="DRAWINGS"><PDAT>FIG. 1</PDAT></FGREF><PDAT> shows it.</PDAT></PTEXT></PARA></BTEXT></DRWDESC>
<DETDESC><BTEXT><PARA><PTEXT><PDAT>The lens is bent.</PDAT></PTEXT></PARA>
<CWU><TABLE-US ID="T1"><TABLE-CALS><TABLE><TGROUP COLS="2"><COLSPEC COLNAME="1"><TBODY>
<ROW><ENTRY><PTEXT><PDAT>lens</PDAT></PTEXT></ENTRY><ENTRY><PTEXT><PDAT>5 mm</PDAT></PTEXT></ENTRY></ROW>
</TBODY></TGROUP></TABLE></TABLE-CALS></TABLE-US></CWU>
<PARA><PTEXT><PDAT>It holds.</PDAT></PTEXT></PARA></BTEXT></DETDESC></SDODE>
<SDOCL><H><STEXT><PDAT>What is claimed is:</PDAT></STEXT></H><CL>{claims}</CL></SDOCL>
<SDODR ID="DRAWINGS"><EMI ID="EMI-D00001" FILE="US06500001-20010102-D00001.TIF"></SDODR>
"""

PATDOC_CLAIMS = """
<CLM ID="CLM-00001"><PARA><PTEXT><PDAT>1. A unit comprising:</PDAT></PTEXT></PARA>
<CLMSTEP LVL="2"><PTEXT><PDAT>a spring; and</PDAT></PTEXT></CLMSTEP>
<CLMSTEP LVL="2"><PTEXT><PDAT>a lens.</PDAT></PTEXT></CLMSTEP></CLM>
<CLM ID="CLM-00002"><PARA><PTEXT><PDAT>2. The unit of </PDAT><CLREF ID="CLM-00001"><PDAT>claim 1</PDAT></CLREF>
<PDAT>, wherein the spring is bent.</PDAT></PTEXT></PARA></CLM>"""

_EMPTY = ("B473US", "CITED-BY-EXAMINER", "CITED-BY-OTHER", "B597US", 'COLSPEC COLNAME="1"')


def sgml(
    *, number: str = "06500001", kind: str = "B1", us_class: str = "709202", granted: str = "20010102",
    n_claims: int = 2, claims: str = PATDOC_CLAIMS,
) -> bytes:  # fmt: skip
    biblio = PATDOC_BIBLIO.format(number=number, kind=kind, us_class=us_class, granted=granted, claims=n_claims)
    whole = f'<PATDOC DTD="2.4" STATUS="BUILD 20001002">\n{biblio}{PATDOC_BODY.format(claims=claims)}</PATDOC>\n'
    return PATDOC_SGML_HEAD + whole.encode()


def as_of_2002(data: bytes) -> bytes:
    """The same document as the XML of the years after."""
    text = data.removeprefix(PATDOC_SGML_HEAD).decode()
    for tag in _EMPTY:
        text = text.replace(f"<{tag}>", f"<{tag}/>")
    for name in ("TABLE", "TGROUP", "TBODY", "ROW", "ENTRY"):
        text = text.replace(f"<{name}>", f"<{name.lower()}>").replace(f"</{name}>", f"</{name.lower()}>")
    text = text.replace('<TGROUP COLS="2">', '<tgroup cols="2">')
    return PATDOC_XML_HEAD + text.replace('D00001.TIF">', 'D00001.TIF"/>').encode()


PAP_HEAD = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE patent-application-publication SYSTEM "pap-v16-2002-01-01.dtd" [
<!ENTITY US20020012345A1-20020131-D00001.TIF SYSTEM "US20020012345A1-20020131-D00001.TIF" NDATA TIF>
]>
"""

PAP_BIBLIO = """<subdoc-bibliographic-information>
<document-id><doc-number>20020012345</doc-number><kind-code>{kind}</kind-code>
 <document-date>{published}</document-date></document-id>
<publication-filing-type>{filed_as}</publication-filing-type>
<domestic-filing-data><application-number><doc-number>09725796</doc-number></application-number>
 <application-number-series-code>09</application-number-series-code><filing-date>20001129</filing-date>
</domestic-filing-data>
<foreign-priority-data><priority-application-number><doc-number>10-2000-0012345</doc-number></priority-application-number>
 <filing-date>19991130</filing-date><country-code>KR</country-code></foreign-priority-data>
<technical-information>
 <classification-ipc><classification-ipc-primary><ipc>B08B003/00</ipc></classification-ipc-primary>
  <classification-ipc-secondary><ipc>H04N005/225</ipc></classification-ipc-secondary>
  <classification-ipc-edition>07</classification-ipc-edition></classification-ipc>
 <classification-us><classification-us-primary><uspc><class>{us_class}</class><subclass>031000</subclass></uspc>
  </classification-us-primary></classification-us>
 <title-of-invention> Lens <highlight><italic>drive</italic></highlight> unit
   </title-of-invention>
</technical-information>
<continuity-data>
 <division-of><parent-child>
  <child><document-id><doc-number>09725796</doc-number><kind-code>A1</kind-code></document-id></child>
  <parent><document-id><doc-number>09375495</doc-number><country-code>US</country-code></document-id></parent>
  <parent-status>GRANTED</parent-status>
  <parent-patent><document-id><doc-number>5938859</doc-number><country-code>US</country-code></document-id></parent-patent>
 </parent-child></division-of>
 <a-371-of-international><parent-child>
  <child><document-id><doc-number>{child}</doc-number></document-id></child>
  <parent><document-id><doc-number>PCT/KR00/05183</doc-number></document-id></parent>
 </parent-child></a-371-of-international>
 <non-provisional-of-provisional><document-id><doc-number>60128037</doc-number>
  <document-date>19990406</document-date><country-code>US</country-code></document-id></non-provisional-of-provisional>
</continuity-data>
<inventors>
 <first-named-inventor><name><given-name>James</given-name><middle-name>A.</middle-name><family-name>Savage</family-name>
  <name-suffix>III</name-suffix></name>
  <residence><residence-us><city>Irvine</city><country-code>US</country-code></residence-us></residence>
 </first-named-inventor>
 <inventor><name><given-name>Min</given-name><family-name>Kim</family-name></name>
  <residence><residence-non-us><city>Seoul</city><country-code>KR</country-code></residence-non-us></residence></inventor>
</inventors>
{assignee}
<correspondence-address><name-1>AGENT LLP</name-1></correspondence-address>
</subdoc-bibliographic-information>"""
PAP_ASSIGNEE = "<assignee><organization-name>Lens &amp; Co.</organization-name></assignee>"

PAP_BODY = """
<subdoc-abstract><heading lvl="0">Abstract of Disclosure</heading>
 <paragraph id="A-00001">A unit drives a lens.</paragraph>
</subdoc-abstract>
<subdoc-description>
<cross-reference-to-related-applications><heading lvl="0">RELATED APPLICATION DATA</heading>
 <paragraph id="P-00001"><number>&lsqb;0001&rsqb;</number> This is a division.</paragraph>
</cross-reference-to-related-applications>
<background-of-invention><paragraph id="P-00002"><number>&lsqb;0002&rsqb;</number> Lenses shake.</paragraph>
</background-of-invention>
<summary-of-invention><section><heading lvl="1">SUMMARY OF THE INVENTION</heading>
 <paragraph id="P-00003"><number>&lsqb;0003&rsqb;</number> A spring of
 10<highlight><superscript>&minus;6 </superscript></highlight>m holds H<highlight><subscript>2</subscript></highlight>O.
 </paragraph></section></summary-of-invention>
<brief-description-of-drawings><paragraph id="P-00004"><number>&lsqb;0004&rsqb;</number>
 <cross-reference target="DRAWINGS">FIG. 1</cross-reference> shows it.</paragraph></brief-description-of-drawings>
<detailed-description><section><heading lvl="1">Industrial Applicability of the Invention</heading>
 <paragraph id="P-00005"><number>&lsqb;0005&rsqb;</number> See
 <table-cwu id="T1"><number>1</number><table><tgroup cols="2"><tbody><row><entry>lens</entry><entry>5 mm</entry></row>
 </tbody></tgroup></table></table-cwu> above.</paragraph></section></detailed-description>
</subdoc-description>
<subdoc-claims><heading lvl="1">What is claimed is: </heading>{claims}</subdoc-claims>
<subdoc-drawings id="DRAWINGS"><heading lvl="0">Drawings</heading></subdoc-drawings>
"""
PAP_CLAIMS = """
<claim id="CLM-00001"><claim-text><highlight><bold>1</bold></highlight>. A unit comprising:
<claim-text>a spring; and </claim-text><claim-text>a lens. </claim-text></claim-text></claim>
<claim id="CLM-00002"><claim-text><highlight><bold>2</bold></highlight>. The unit of \
<dependent-claim-reference depends_on="CLM-00001"><claim-text>claim 1</claim-text></dependent-claim-reference>, \
wherein it is bent.</claim-text></claim>"""


def pap(
    *, kind: str = "A1", published: str = "20020131", filed_as: str = "new-utility", us_class: str = "134",
    child: str = "09725796", assignee: str = PAP_ASSIGNEE, claims: str = PAP_CLAIMS,
) -> bytes:  # fmt: skip
    biblio = PAP_BIBLIO.format(
        kind=kind, published=published, filed_as=filed_as, us_class=us_class, child=child, assignee=assignee
    )
    root = "patent-application-publication"
    return PAP_HEAD + f"<{root}>{biblio}{PAP_BODY.format(claims=claims)}</{root}>\n".encode()
