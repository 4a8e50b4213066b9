"""`make demo`, line by line, in a folder of its own: the first thing a stranger runs must not fail."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).parent.parent / "Makefile"


def demo_commands() -> list[list[str]]:
    """The dokhae commands of the demo, variables filled, in order."""
    content = MAKEFILE.read_text("utf8")
    variables = dict(re.findall(r"^(\w+)\s*:=\s*(\S+)$", content, re.MULTILINE))
    recipe = re.search(r"^demo:.*\n((?:\t.*\n)+)", content, re.MULTILINE)
    assert recipe
    lines = [line.strip() for line in recipe[1].splitlines() if "/dokhae " in line]
    filled = [re.sub(r"\$\((\w+)\)", lambda name: variables[name[1]], line) for line in lines]
    return [shlex.split(line)[1:] for line in filled]


def test_every_command_of_the_demo_succeeds_and_shows_something(tmp_path: Path) -> None:
    pytest.importorskip("reportlab")
    commands = demo_commands()
    assert len(commands) > 5
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-m", "dokhae.apps.cli", *command, "--lang", "en"],
            cwd=tmp_path, capture_output=True, text=True, encoding="utf8", check=False,
        )  # fmt: skip
        assert done.returncode == 0, (command, done.stderr)
        assert done.stdout.strip(), command
    assert (tmp_path / "demo" / "camera.study" / "report" / "index.html").is_file()
