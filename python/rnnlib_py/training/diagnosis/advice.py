# SPDX-License-Identifier: Apache-2.0
"""What usually helps, with the config's own values."""

from __future__ import annotations

from rnnlib_py.config import Config

_SCALED = "inputs of mean 0 and standard deviation 1 (rnnlib-py check shows them)"


def _learn_rate(config: Config, change: str) -> list[str]:
    """rprop has none."""
    return [] if config["optimiser"] == "rprop" else [f"a {change} learnRate (now {config['learnRate']:g})"]


def _adaptive(config: Config) -> list[str]:
    return ["optimiser adam or rmsprop"] if config["optimiser"] in ("steepest", "rprop") else []


def against_divergence(config: Config) -> str:
    momentum = [f"a smaller momentum (now {config['momentum']:g})"] if config["optimiser"] == "steepest" else []
    return ", ".join([*_learn_rate(config, "smaller"), *momentum, *_adaptive(config), _SCALED])


def against_standstill(config: Config) -> str:
    return ", ".join(
        [*_learn_rate(config, "larger"), *_adaptive(config), _SCALED, "another randSeed, a larger network"]
    )


def against_blanks(config: Config) -> str:
    return ", ".join(
        ["more epochs", *_learn_rate(config, "larger"), *_adaptive(config), "shorter targets first", _SCALED]
    )


def against_overfitting(config: Config) -> str:
    noise = [] if config.get("mdl") else ["weight noise (mdl true)"]
    return ", ".join(["more training data", *noise, "inputNoiseDev", "l2", "a smaller network"])
