"""PDF: the gazettes of five offices, with a text layer or through OCR.

gazette.py recognises the office and hands over to its module: korean.py, japanese.py, american.py, european.py,
international.py.  pages.py opens the PDF (pypdfium2 is used there and nowhere else), sheets.py mixes text layer and
OCR page by page, layout.py finds columns, writer.py writes the text.
"""

from dokhae.parse.pdf.gazette import GazettePdf

__all__ = ["GazettePdf"]
