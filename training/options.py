"""The command line every step has: folders and files by name, nothing guessed.

In: the docstring of a step and what it needs.  Out: a parser.  Reads no environment and no configuration.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def parser(doc: str | None, *paths: str) -> argparse.ArgumentParser:
    """A command line that says the first line of ``doc`` and requires each of ``paths`` as ``--name PATH``."""
    made = argparse.ArgumentParser(description=(doc or "").partition("\n")[0])
    for name in paths:
        made.add_argument(f"--{name}", type=Path, required=True)
    return made
