# SPDX-License-Identifier: Apache-2.0
"""python -m rnnlib_py is the command rnnlib-py."""

import sys

from rnnlib_py.cli import main

sys.exit(main())
