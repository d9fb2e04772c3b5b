# SPDX-License-Identifier: Apache-2.0
"""What goes into a run's saves."""

from __future__ import annotations

from typing import Protocol

from rnnlib_py import _core


class Stored(Protocol):
    """A part of a run that its saves keep."""

    def store(self, save: _core.Save) -> None:
        """Puts its state into the save, as values of its own."""

    def restore(self, save: _core.Save, source: str) -> None:
        """Takes its state from the save that `source` names; begins anew where there is none. FormatError when it is
        damaged."""
