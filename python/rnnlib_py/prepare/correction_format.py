# SPDX-License-Identifier: Apache-2.0
"""What is written in files of corrections, which pages of `rnnlib-py read --format html` save."""

FORMAT = "rnnlib-py corrections"
VERSION = 1
STATES = ("unseen", "confirmed", "changed")
