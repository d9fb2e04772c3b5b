# SPDX-License-Identifier: Apache-2.0
"""Makes the data files and the config of this example. Needs rnnlib-py[text].

python make_data.py -o out                            # printed lines that are drawn
python make_data.py --data grenzboten_lines/ -o out   # a folder of real ones
"""

from line_folders import main

if __name__ == "__main__":
    main(__doc__, hands=0, lines=600, by_group=None)
