"""Text x questions -> answers with the exact words they stand on.

The cascade, a short file each: ``sentences`` and ``passages`` cut the text, ``candidates`` keeps what may answer,
``scoring`` weighs it by section, cue and place, ``cascade`` reads all fields of a patent and says how each ended,
``ask`` answers a free question.  Cues, boilerplate and weights are data (``cues/``), fields are data (``schemas/``).
"""
