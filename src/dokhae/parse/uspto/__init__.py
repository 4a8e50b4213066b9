"""Formats of the USPTO: red book XML, PATDOC, PAP, Greenbook, BRS, search answers, printed lines, JSON lines."""
