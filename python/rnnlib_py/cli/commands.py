# SPDX-License-Identifier: Apache-2.0
"""What each command does; each returns its exit status."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from rnnlib_py._core import ConfigError, IoError
from rnnlib_py.available import check_available
from rnnlib_py.checking import check
from rnnlib_py.cli.overrides import Override, apply_overrides
from rnnlib_py.config import Config
from rnnlib_py.data import Dataset
from rnnlib_py.data_sets import DataSets, selected_sequence
from rnnlib_py.error_test import errors_of_files, errors_of_sets
from rnnlib_py.events import Ended
from rnnlib_py.export import export_weights
from rnnlib_py.files import check_writable, write_atomically
from rnnlib_py.info import info
from rnnlib_py.json_lines import json_line
from rnnlib_py.network import Network
from rnnlib_py.report import best_lines
from rnnlib_py.tables import errors_table
from rnnlib_py.training import train

Overrides = list[Override]


def read_config(path: str, overrides: Overrides) -> Config:
    """The config or save a command names, with what was said over it. ConfigError when there is none."""
    try:
        config = Config.read(path)
    except IoError as error:
        raise ConfigError(str(error)) from error
    apply_overrides(config, overrides)
    return config


def _say_warnings(config: Config) -> None:
    for text in config.warnings():
        print(f"rnnlib-py: warning: {text}", file=sys.stderr)


def _need_save(config: Config, path: str, command: str) -> None:
    if config.save is None:
        raise ConfigError(f"{path}: is a config without weights; {command} needs a save")


def run_train(options: Namespace, overrides: Overrides) -> int:
    config = read_config(options.path, overrides)
    for mode in ("errorTest", "gradCheck"):
        if config[mode] and (options.log_format != "text" or options.tensorboard is not None):
            raise ConfigError(f"--log-format and --tensorboard are for training, but the config says {mode} true")
    if config["errorTest"]:
        return _test(config, [], options.quiet)
    if config["gradCheck"]:
        return _check_gradient(config, options.quiet)
    run = train(
        config,
        output=None if options.quiet else sys.stdout,
        error_output=sys.stderr,
        progress=None if options.quiet else sys.stderr,
        hard_interrupt=True,
        log_format=options.log_format,
        tensorboard=options.tensorboard,
    )
    if options.quiet:
        end = Ended("finished", run.stopped, run.epoch, run.best)
        print(json_line(end) if options.log_format == "json" else "\n".join(best_lines(run.best)))
    return 0


def run_test(options: Namespace, overrides: Overrides) -> int:
    config = read_config(options.path, overrides)
    _need_save(config, options.path, "test")
    return _test(config, options.files, options.quiet)


def _test(config: Config, files: list[str], quiet: bool) -> int:
    check_available(config)
    if not quiet:
        _say_warnings(config)
    errors = errors_of_files(config, files) if files else errors_of_sets(config)
    print("\n".join(errors_table(errors)))
    return 0


def run_predict(options: Namespace, overrides: Overrides) -> int:
    config = read_config(options.path, overrides)
    _need_save(config, options.path, "predict")
    if options.output:
        check_writable(Path(options.output).parent)
    network = Network.from_config(config)
    with Dataset.read(
        options.file,
        network.task,
        data_fraction=config["dataFraction"],
        header=network.header,
        header_source=options.path,
        targets=False,
    ) as data:
        records = (json.dumps(p.record(), ensure_ascii=False) for p in network.predict(data))
        text = "".join(f"{record}\n" for record in records)
    if options.output:
        write_atomically(Path(options.output), text)
    else:
        sys.stdout.write(text)
    return 0


def run_check_gradient(options: Namespace, overrides: Overrides) -> int:
    return _check_gradient(read_config(options.path, overrides), options.quiet)


def _check_gradient(config: Config, quiet: bool) -> int:
    check_available(config)
    if config.save is None:
        sets = DataSets(config)
        network = Network.build(config, sets.header, precision="float64")
    else:
        network = Network.from_config(config, precision="float64")
        sets = DataSets(config, network.header, str(config.path))
    report = network.check_gradient(selected_sequence(config, sets))
    print(str(report).splitlines()[-1] if quiet else report)
    return 0 if report.passed else 1


def run_check(options: Namespace, overrides: Overrides) -> int:
    report = check(read_config(options.path, overrides))
    if options.quiet:
        report.lines = []
    print(str(report).strip())
    return 1 if report.errors else 0


def run_info(options: Namespace, overrides: Overrides) -> int:
    if overrides:
        raise ConfigError(f"{overrides[0].argument}: info takes no config keys")
    try:
        print("\n".join(info(options.path)))
    except IoError as error:
        raise ConfigError(str(error)) from error
    return 0


def run_export(options: Namespace, overrides: Overrides) -> int:
    if overrides:
        raise ConfigError(f"{overrides[0].argument}: export takes no config keys")
    source, target = Path(options.path), Path(options.output)
    if not source.is_file():
        raise ConfigError(f"{source}: there is no such file")
    export_weights(source, target)
    if not options.quiet:
        print(f"{target}: {target.stat().st_size} bytes, of {source.stat().st_size}")
    return 0


def run_demo(arguments: list[str]) -> int:
    from rnnlib_py.demo import main  # its packages are an extra

    return int(main(arguments) or 0)


COMMANDS: dict[str, Callable[[Namespace, Overrides], int]] = {
    "train": run_train,
    "test": run_test,
    "predict": run_predict,
    "check-gradient": run_check_gradient,
    "check": run_check,
    "info": run_info,
    "export": run_export,
}
