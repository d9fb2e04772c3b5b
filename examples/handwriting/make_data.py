# SPDX-License-Identifier: Apache-2.0
"""Makes the data files and the config of this example, whole writers apart. Needs rnnlib-py[text].

python make_data.py -o out                                                    # lines that are drawn, 24 hands
python make_data.py --data copiste_lines/ --by-group column:writer -o out     # a folder of real ones
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "text_lines"))
from line_folders import main

if __name__ == "__main__":
    main(__doc__, hands=24, lines=1200, by_group="folder")
