"""Headings of every office open the section they are printed for."""

from __future__ import annotations

import pytest

from dokhae.parse.headings import is_container, kind_of
from dokhae.types import SectionKind


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("【技術分野】", "field"),
        ("【産業上の利用分野】", "field"),
        ("【発明の属する技術分野】", "field"),
        ("【背景技術】", "background"),
        ("【従来の技術】", "background"),
        ("【先行技術文献】", "prior_art_documents"),
        ("【特許文献】", "prior_art_documents"),
        ("【発明の概要】", "solution"),
        ("【発明の開示】", "solution"),
        ("【発明が解決しようとする課題】", "problem"),
        ("【考案が解決しようとする課題】", "problem"),
        ("〔発明が解決しようとする問題点〕", "problem"),
        ("【課題】", "problem"),
        ("【目的】", "problem"),
        ("【課題を解決するための手段】", "solution"),
        ("〔問題点を解決するための手段〕", "solution"),
        ("【解決手段】", "solution"),
        ("【構成】", "solution"),
        ("【作用】", "embodiments"),
        ("【発明の効果】", "effect"),
        ("【図面の簡単な説明】", "drawings"),
        ("【発明を実施するための形態】", "embodiments"),
        ("【発明を実施するための最良の形態】", "embodiments"),
        ("【発明の実施の形態】", "embodiments"),
        ("【考案の実施の形態】", "embodiments"),
        ("【実施例】", "examples"),
        ("【実施例１】", "examples"),
        ("（比較例２）", "examples"),
        ("【産業上の利用可能性】", "industrial"),
        ("【符号の説明】", "reference_signs"),
        ("【図面の主要部分の符号の説明】", "reference_signs"),
        ("【特許請求の範囲】", "claims"),
        ("【実用新案登録請求の範囲】", "claims"),
        ("【要約】", "abstract"),
        ("【手続補正書】", "amendment"),
        ("【国際調査報告】", "other"),
        ("フロントページの続き", "other"),
        ("【関連出願の相互参照】", "support"),
        ("技术领域", "field"),
        ("背景技术", "background"),
        ("发明内容", "solution"),
        ("实用新型内容", "solution"),
        ("附图说明", "drawings"),
        ("具体实施方式", "embodiments"),
        ("实施例1", "examples"),
        ("有益效果", "effect"),
        ("权利要求书", "claims"),
        ("说明书摘要", "abstract"),
        ("【先前技術】", "background"),
        ("【圖式簡單說明】", "drawings"),
        ("Technisches Gebiet", "field"),
        ("Stand der Technik", "background"),
        ("Technisches Problem", "problem"),
        ("Lösung", "solution"),
        ("Kurze Beschreibung der Figuren", "drawings"),
        ("Ausführliche Beschreibung der Erfindung", "embodiments"),
        ("Beispiel 3", "examples"),
        ("Domaine technique de l'invention", "field"),
        ("État de la technique", "background"),
        ("Exposé de l'invention", "solution"),
        ("Brève description des dessins", "drawings"),
        ("Description détaillée", "embodiments"),
    ],
)
def test_headings_of_every_language_open_their_section(heading: str, kind: str) -> None:
    assert kind_of(heading) is SectionKind(kind)


@pytest.mark.parametrize(
    "heading", ["【書類名】明細書", "【発明の詳細な説明】", "【発明の名称】", "【選択図】", "说明书"]
)
def test_a_heading_that_only_groups_opens_nothing(heading: str) -> None:
    assert kind_of(heading) is None
    assert is_container(heading)


def test_a_sentence_that_begins_like_a_heading_is_none() -> None:
    assert kind_of("実施例では、" + "コイルに電流を流すことによりレンズホルダを光軸方向に移動させる。" * 4) is None


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Technical Background", "background"),
        ("Summary of the Prior Art", "background"),
        ("Discussion of the Related Art", "background"),
        ("Technischer Hintergrund", "background"),
        ("TASK TO BE SOLVED BY THE INVENTION", "problem"),
        ("Aim of the Invention", "problem"),
        ("발명이 해결하고자 하는 기술적 과제", "problem"),
        ("Aufgabe und Lösung", "problem"),
        ("Solutions to the Problems", "solution"),
        ("Kurze Beschreibung der Erfindung", "solution"),
        ("Brief Description", "solution"),
        ("Beneficial Effects", "effect"),
        ("발명의 유리한 효과", "effect"),
        ("Brief Explanation of the Drawings", "drawings"),
        ("Légendes des figures", "drawings"),
        ("Detailed Explanation of the Invention", "embodiments"),
        ("Description of a Preferred Embodiment", "embodiments"),
        ("Ausführung der Erfindung", "embodiments"),
        ("Synthesis Example 3", "examples"),
        ("Industrial Availability", "industrial"),
        ("Reference Symbol List", "reference_signs"),
        ("References cited in the description", "prior_art_documents"),
        ("관련 출원의 상호 참조", "support"),
        ("Acknowledgment of Government Support", "support"),
    ],
)
def test_further_spellings_open_their_section(heading: str, kind: str) -> None:
    assert kind_of(heading) is SectionKind(kind)
