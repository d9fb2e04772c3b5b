# SPDX-License-Identifier: Apache-2.0
"""The lines of a run's log (spec section 7 of RNNLIB's behaviour)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rnnlib_py.best import Best, SetErrors
from rnnlib_py.log import RULE
from rnnlib_py.metrics import Errors, format_errors, format_figure


@dataclass(frozen=True)
class EpochWork:
    """What training did in an epoch, for its speed."""

    seconds: float
    num_sequences: int
    num_points: int
    num_weights: int

    def line(self, epoch: int) -> str:
        """its = points; Mwt = 1e6 weights: every point uses every weight forward, backward and in its gradient."""
        seconds = max(self.seconds, 1e-9)
        sequences = max(self.num_sequences, 1)  # none are left when a run goes on after an epoch's last one
        return (
            f"epoch {epoch} took {self.seconds:.3g} seconds ({seconds / sequences:.3g} secs/seq, "
            f"{self.num_points / seconds:.2f} its/sec, "
            f"{3 * self.num_weights * self.num_points / 1e6 / seconds:.2f} MwtOps/sec)"
        )


def set_lines(name: str, errors: Errors, running: bool = False) -> list[str]:
    return [RULE, f"{name} errors{' (running)' if running else ''}:", *format_errors(errors)]


def noise_lines(noise: Mapping[str, float]) -> list[str]:
    """mdl's statistics of an epoch."""
    return [
        RULE,
        "weight noise:",
        *(f"{name} {noise[name]:.6g}" for name in ("priorMean", "priorStdDev", "meanStdDev")),
        f"belowNoise {100 * noise['belowNoise']:.4g}%",
    ]


def epoch_lines(
    epoch: int,
    work: EpochWork,
    errors: SetErrors,
    improved: list[str],
    noise: Mapping[str, float] | None = None,
    learn_rate_factor: float = 1.0,
) -> list[str]:
    lines = [work.line(epoch)]
    if learn_rate_factor != 1.0:
        lines.append(f"learning rates times {learn_rate_factor:.6g}")
    for name, values in errors.items():
        lines += set_lines(name, values, running=name == "train")
    if noise is not None:
        lines += noise_lines(noise)
    if improved:
        lines += [RULE, *(f"best network ({name})" for name in improved)]
    return [*lines, ""]


def best_lines(best: Mapping[str, Best]) -> list[str]:
    """The errors of the best network per criterion and set."""
    lines: list[str] = []
    for name, found in best.items():
        lines += [RULE, f"best network ({name}): epoch {found.epoch}, {name} {format_figure(name, found.error)}"]
        for set_name, errors in found.errors.items():
            lines += set_lines(set_name, errors, running=set_name == "train")
    return lines
