"""Text files that appear whole or not at all.

In: a path and what it shall hold.  Out: the file, in place of an older one.  Lines end as they are given, on every
system.
"""

from __future__ import annotations

import os
from pathlib import Path


def write(path: Path, content: str) -> None:
    """Writes beside ``path``, then puts it in place; the folder must be there."""
    aside = path.with_name(f"{path.name}.part")
    aside.write_text(content, encoding="utf8", newline="\n")
    os.replace(aside, path)
