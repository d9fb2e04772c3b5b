# SPDX-License-Identifier: Apache-2.0
"""Makes the data files and the config of this example, whole writers apart. Needs rnnlib-py[text].

python make_data.py -o out                                                    # lines that are drawn, 24 hands
python make_data.py --data copiste_lines/ --by-group column:writer -o out     # a folder of real ones
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import rnnlib_py as rnn

sys.path.insert(0, str(Path(__file__).parents[1] / "text_lines"))
from line_folders import draw_lines, find_lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="images with .gt.txt files, or lines.zip and lines.tsv")
    parser.add_argument("-o", "--output", type=Path, default=Path("out"))
    parser.add_argument("--by-group", default="folder", help="what a writer is, as `prepare lines` has it")
    parser.add_argument("--lines", type=int, default=1200, help="that are drawn (default %(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder, tables = Path(temporary), list[Path]()
        if options.data is None:
            draw_lines(folder, hands=24, lines=options.lines)
        else:
            folder, tables = find_lines(options.data, folder)
        made = rnn.prepare.lines(folder, options.output, tsv=tables, by_group=options.by_group, force=True)
    print(f"{made.counts}; to train: rnnlib-py train {made.config} -o {options.output / 'run'}")


if __name__ == "__main__":
    main()
