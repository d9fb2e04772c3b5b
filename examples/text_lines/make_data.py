# SPDX-License-Identifier: Apache-2.0
"""Makes the data files and the config of this example. Needs rnnlib-py[text].

python make_data.py -o out                            # printed lines that are drawn
python make_data.py --data grenzboten_lines/ -o out   # a folder of real ones
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from line_folders import draw_lines, find_lines

import rnnlib_py as rnn


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="images with .gt.txt files, or lines.zip and lines.tsv")
    parser.add_argument("-o", "--output", type=Path, default=Path("out"))
    parser.add_argument("--by-group", help="as `rnnlib-py prepare lines` has it, such as column:page")
    parser.add_argument("--lines", type=int, default=600, help="that are drawn (default %(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder, tables = Path(temporary), list[Path]()
        if options.data is None:
            draw_lines(folder, hands=0, lines=options.lines)
        else:
            folder, tables = find_lines(options.data, folder)
        made = rnn.prepare.lines(folder, options.output, tsv=tables, by_group=options.by_group, force=True)
    print(f"{made.counts}; to train: rnnlib-py train {made.config} -o {options.output / 'run'}")


if __name__ == "__main__":
    main()
