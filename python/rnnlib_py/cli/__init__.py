# SPDX-License-Identifier: Apache-2.0
"""The command rnnlib-py."""

from rnnlib_py.cli.main import main

__all__ = ["main"]
