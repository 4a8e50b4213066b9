"""From which score an answer that is stored was given: the thresholds of what made it.

In: a field, an answer, the judges in force.  Out: ``Limits``, or None where the answer was made by other judges than
these, or by a person: then nobody knows here.  Never reads a text.
"""

from __future__ import annotations

from dokhae.reading import calibration, cascade, rarity
from dokhae.reading.ask import MADE_BY
from dokhae.reading.combination import kind_of_source
from dokhae.reading.effort import MANY
from dokhae.reading.fields import Field
from dokhae.reading.judging import Limits
from dokhae.reading.learned import Learned
from dokhae.types import Answer


def limits_of(field: Field, answer: Answer, judged: Learned) -> Limits | None:
    """The scores from which an answer to ``field`` is given and withheld."""
    while field.source is not None:
        field = field.source
    if answer.reviewer is not None:
        return None
    if answer.made_by.startswith(MADE_BY):
        return cascade.LIMITS
    if field.reader == "question":
        judge = judged.calibration or calibration.shipped(MANY.name)
        if f" {rarity.REASON} " in answer.made_by:
            return rarity.limits(judge.limits, rarity.shipped()) if judge.digest in answer.made_by else None
        return judge.limits if judge.digest in answer.made_by or "uncalibrated" in answer.made_by else None
    table = judged.together.tables.get((kind_of_source(answer.read_from), field.cues))
    return table.limits if table is not None and judged.together.digest in answer.made_by else None
