"""Patents as plain text, made by hand: as copied from a Korean, a Japanese and a US viewer."""

KOREAN = """(19) 대한민국특허청(KR)
(12) 등록특허공보(B1)
(45) 공고일자 2013년02월20일
(11) 등록번호 10-1234567
(24) 등록일자 2013년02월12일
(21) 출원번호 10-2012-0016332
(22) 출원일자 2012년02월16일
(73) 특허권자 (주)보기광학
(72) 발명자 김하나
(54) 발명의 명칭 렌즈 구동 장치
(57) 요약
코일이 렌즈를 움직이는 장치가 개시된다.

청구범위
청구항 1
코일; 및
자석을 포함하는 렌즈 구동 장치.
청구항 2
제1항에 있어서,
상기 코일은 구리인 렌즈 구동 장치.
청구항 3
삭제
발명의 설명
기술분야
[0001] 본 발명은 렌즈 구동 장치에 관한 것이다.
[0002] 특히 카메라에 쓰인다.
해결하려는 과제
[0003] 흔들림을 줄이는 것이다.
발명의 효과
[0004] 흔들림이 줄어든다.
- 3 -
"""

JAPANESE = """特開2014-81188
【書類名】特許請求の範囲
【請求項１】
正極を備える電池。
【請求項２】
負極を備える請求項１に記載の電池。
【書類名】明細書
【発明の名称】電池
【技術分野】
【０００１】
本発明は、くりかえして使うことができる電池に関するものであり、とくに寿命をのばすための正極のつくりかたに関するものである。
【発明が解決しようとする課題】
【０００２】
寿命を延ばす。
【書類名】要約書
【要約】
【課題】寿命を延ばす。
【解決手段】正極を厚くする。
"""

ENGLISH = """# US9145216B2 - Lens drive apparatus

Inventors: Hana Kim; Ben Ito
Filed: Jan. 22, 2014
Date of Patent: Sep. 29, 2015

## ABSTRACT

A coil moves a lens.

## BACKGROUND OF THE INVENTION

Lenses shake while a picture is taken, and nobody has found out how to hold
them with a coil that is light enough for a telephone, although magnets are
known for it.

## BRIEF DESCRIPTION OF THE DRAWINGS

FIG. 1 shows the lens.

## What is claimed is:

1. A lens drive comprising:
a coil; and
a magnet.

2. The lens drive of claim 1, wherein the coil is copper.
"""
