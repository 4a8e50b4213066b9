"""How bytes get in: files, archives and pieces of long files -> streams, one for each document format.

``units`` finds and reads what the user named; ``unpack`` opens what is packed in it.  No module here knows a patent.
"""
