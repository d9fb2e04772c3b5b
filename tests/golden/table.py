# SPDX-License-Identifier: Apache-2.0
"""Prints the golden table of README.md: per case and kind the largest relative difference, in both precisions."""

from __future__ import annotations

import golden_cases as golden
from golden_cases import CASES, PRECISIONS, TRAINED, Case

KINDS = ("errors", "variables", "gradients", "running", "weights", "optimiser")


def row(case: Case, precision: str) -> list[str]:
    """The cells of KINDS."""
    found = [
        golden.error_differences(case, precision),
        golden.trace_differences(case, precision),
        golden.gradient_differences(case, precision),
    ]
    if case in TRAINED:
        run = case.train(precision)
        weights = golden.weight_differences(case, run, precision)
        optimiser = golden.optimiser_differences(case, run, precision)
        if case.noisy:
            weights += golden.mdl_differences(case, run, precision)
            optimiser += golden.mdl_optimiser_differences(case, run, precision)
        found += [golden.running_differences(case, run, precision), weights, optimiser]
    cells = [f"{max(differences).size:.0e}" for differences in found]
    return cells + ["-"] * (len(KINDS) - len(cells))


def main() -> None:
    for precision in PRECISIONS:
        print(f"| {precision} | " + " | ".join(KINDS) + " |")
        print("|---" * (len(KINDS) + 1) + "|")
        for case in CASES:
            print(f"| {case.name} | " + " | ".join(row(case, precision)) + " |")
        print()


if __name__ == "__main__":
    main()
