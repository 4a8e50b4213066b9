"""Facts -> counts and matrices, each of which says its unit, its n, its rule and its date.

In: ``Row`` after ``Row``, streamed.  Out: the card of counts and the pictures, every cell of which names its patents.
Never keeps a text or an answer: what stays in memory is one small record a counted thing.
"""

from __future__ import annotations

from dokhae.insight.census import Card, Census, Insight
from dokhae.insight.facts import Joint, Unit
from dokhae.insight.pictures import Matrix
from dokhae.insight.rows import Row, checks_of

__all__ = ["Card", "Census", "Insight", "Joint", "Matrix", "Row", "Unit", "checks_of"]
