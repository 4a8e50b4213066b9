"""Labels: the words of the report in Korean and English (labels.toml).

In: "group.name".  Out: the word, or the bare name where the table has none: data (a status, a language) may bring
names nobody foresaw, and is shown as it is.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

LANGS = ("ko", "en")


@cache
def labels() -> dict[str, dict[str, list[str]]]:
    content = files(__package__).joinpath("labels.toml").read_text("utf8")
    loaded: dict[str, dict[str, list[str]]] = tomllib.loads(content)
    return loaded


def label(key: str, lang: str, **values: object) -> str:
    """The word for ``key`` in ``lang``, its placeholders filled.

    >>> label("column.title", "ko"), label("ui.shown", "en", n=3, all=9), label("legal.재심사", "en")
    ('발명의 명칭', '3 of 9 shown', '재심사')
    """
    group, _, name = key.partition(".")
    words = labels().get(group, {}).get(name)
    if words is None:
        return name
    word = words[LANGS.index(lang)]
    return word.format(**values) if values else word


def has_label(key: str) -> bool:
    group, _, name = key.partition(".")
    return name in labels().get(group, {})
