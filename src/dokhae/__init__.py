"""Dokhae reads patents: ``study = dokhae.Study.open("camera.study"); study.ask("…", of="KR10-1910347")``.

Importing costs nothing: the parts load when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dokhae.errors import DokhaeError, InputError, MissingExtra, StudyBusy, StudyError
from dokhae.version import VERSION as __version__

if TYPE_CHECKING:
    from dokhae.study import Study

__all__ = ["DokhaeError", "InputError", "MissingExtra", "Study", "StudyBusy", "StudyError", "__version__"]


def __getattr__(name: str) -> Any:
    if name == "Study":
        from dokhae.study import Study

        return Study
    raise AttributeError(f"module 'dokhae' has no attribute {name!r}")
