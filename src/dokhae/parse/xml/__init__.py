"""XML of any office -> trees, and what the offices' vocabularies have in common: numbers, parties, sections, claims.

``documents`` is the one door: every XML parser reads through it, safely.
"""
