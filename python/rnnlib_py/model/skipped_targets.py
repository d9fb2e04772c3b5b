# SPDX-License-Identifier: Apache-2.0
"""Transcription targets that need more steps than the network's output has: messages about them."""

from __future__ import annotations

from collections.abc import Sequence

from rnnlib_py._core import SkippedTarget
from rnnlib_py.config import Config
from rnnlib_py.model.metrics import Errors

COUNT = "skippedTargets"  # beside a set's errors: how many of its targets ctcError leaves out
_SHOWN = 5


class SkippedTargetWarning(UserWarning):
    """Transcription targets that need more steps than the network's output has: ctcError leaves them out."""


def with_count(errors: Errors, skipped: Sequence[SkippedTarget], config: Config) -> Errors:
    """The errors, with `skippedTargets` where there are any; with legacyErrors true only what RNNLIB reports."""
    if not skipped or config["legacyErrors"]:
        return errors
    return {**errors, COUNT: float(len(skipped))}


def list_skipped(skipped: Sequence[SkippedTarget], shown: int = _SHOWN) -> str:
    """ "seq3 (needs 8, has 4), seq5 (needs 6, has 5) and 12 more"."""
    named = [f"{target.tag} (needs {target.needed}, has {target.available})" for target in skipped[:shown]]
    more = f" and {len(skipped) - shown} more" if len(skipped) > shown else ""
    return ", ".join(named) + more


def skipped_summary(skipped: Sequence[SkippedTarget], config: Config, total: int | None = None) -> str:
    """One sentence about one or more targets that do not fit, of `total`: how many, the first few, what follows."""
    one = len(skipped) == 1
    who = "it" if one else "them"
    left_out = (
        f"training and all errors leave {who} out"
        if config["legacyErrors"]
        else f"training and ctcError leave {who} out, the other errors count {who}"
    )
    if one:
        target = skipped[0]
        return (
            f"sequence {target.tag}: its target needs {target.needed} steps, the network's output has "
            f"{target.available}; {left_out}"
        )
    count = f"{len(skipped)} targets" if total is None else f"{len(skipped)} of {total} targets"
    return f"{count} need more steps than the network's output has: {list_skipped(skipped)}; {left_out}"
