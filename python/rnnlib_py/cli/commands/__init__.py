# SPDX-License-Identifier: Apache-2.0
"""The commands of rnnlib-py, in the order of its help. A new one: a module here with a Command, and a line below."""

from rnnlib_py.cli.command import Command
from rnnlib_py.cli.commands import (
    align,
    average,
    best,
    calibrate,
    check,
    check_gradient,
    dump,
    evaluate,
    export,
    info,
    jacobian,
    make_lm,
    merge,
    normalise,
    plot_errors,
    plot_variables,
    plot_weights,
    predict,
    score,
    split,
    stats,
    test,
    train,
    tune_decoder,
    weights,
)

COMMANDS: dict[str, Command] = {
    command.name: command
    for command in (
        train.COMMAND,
        test.COMMAND,
        predict.COMMAND,
        evaluate.COMMAND,
        calibrate.COMMAND,
        tune_decoder.COMMAND,
        align.COMMAND,
        score.COMMAND,
        check_gradient.COMMAND,
        check.COMMAND,
        info.COMMAND,
        dump.COMMAND,
        jacobian.COMMAND,
        plot_variables.COMMAND,
        plot_errors.COMMAND,
        plot_weights.COMMAND,
        weights.COMMAND,
        best.BEST,
        best.LAST,
        average.COMMAND,
        export.COMMAND,
        make_lm.COMMAND,
        stats.COMMAND,
        normalise.COMMAND,
        split.COMMAND,
        merge.COMMAND,
    )
}
