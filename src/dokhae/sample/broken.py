"""Files that cannot be read, each in its own way, so that a first run shows how failures are explained.

In: a folder.  Out: the files in it: zero bytes, XML that ends too soon, a scan without text, a PDF that is none, one
that asks for a password, an archive that reaches outside its folder.  None does harm: the last holds one line.
"""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from random import Random

from dokhae.sample.markup import DECLARATION

_WIDTH, _HEIGHT = 620, 877  # an A4 page at 75 dots an inch
ZIP_TIME = (2020, 1, 1, 0, 0, 0)


def write_broken(folder: Path, whole_xml: str, seed: int) -> int:
    """Writes the files; returns how many.  whole_xml: a good file to cut short."""
    folder.mkdir(parents=True)
    rng = Random(f"{seed}/broken")  # noqa: S311 - repeatable, not secret
    contents = {
        "empty.pdf": b"",
        "truncated.xml": whole_xml[: len(whole_xml) * 2 // 3].encode("utf8"),
        "scan.pdf": _scan(rng),
        "damaged.pdf": b"%PDF-1.4\n" + rng.randbytes(4000),
        "password.pdf": _locked(),
        "outside.zip": _reaching_outside(),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return len(contents)


def _scan(rng: Random) -> bytes:
    """A page that is a picture of text: grey lines of word-sized blots."""
    rows = bytearray()
    for y in range(_HEIGHT):
        inked = 60 < y < _HEIGHT - 60 and y % 16 < 9
        row = bytearray(b"\xf4" * _WIDTH)
        x = 60
        while inked and x < _WIDTH - 70:
            word = 8 + (x * 7 + y // 16 * 13) % 30
            row[x : x + word] = bytes(40 + rng.randrange(60) for _ in range(word))
            x += word + 7
        rows += row
    picture = zlib.compress(bytes(rows))
    size = f"/Width {_WIDTH} /Height {_HEIGHT} /ColorSpace /DeviceGray /BitsPerComponent 8"
    coding = f"/Filter /FlateDecode /Length {len(picture)}"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    drawing = b"q 595 0 0 842 0 0 cm /Im0 Do Q"
    return _pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            page + b" /Resources << /XObject << /Im0 5 0 R >> >> >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
            f"<< /Type /XObject /Subtype /Image {size} {coding} >>\nstream\n".encode() + picture + b"\nendstream",
        ]
    )


def _locked() -> bytes:
    """A PDF whose trailer asks for a password nobody has."""
    key = b"<%s>" % (b"5a" * 32)
    return _pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
            b"<< /Filter /Standard /V 1 /R 2 /O %s /U %s /P -4 >>" % (key, key),
        ],
        trailer=b" /Encrypt 4 0 R /ID [<%s> <%s>]" % (b"00" * 16, b"00" * 16),
    )


def _pdf(objects: list[bytes], trailer: bytes = b"") -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)


def _reaching_outside() -> bytes:
    return zipped({"../outside.xml": f"{DECLARATION}<response/>\n".encode()})


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip whose bytes depend on its members alone, not on the clock."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, ZIP_TIME), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
