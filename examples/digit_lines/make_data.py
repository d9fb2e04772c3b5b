# SPDX-License-Identifier: Apache-2.0
"""Makes the data and the config of this folder again, as `rnnlib-py demo` makes them. Needs rnnlib-py[demo]."""

from pathlib import Path

from rnnlib_py.demo.data import write_folder

for name, lines in write_folder(Path(__file__).parent).items():
    print(f"{name}.nc: {len(lines)} lines, {sum(len(line.text) for line in lines)} digits")
