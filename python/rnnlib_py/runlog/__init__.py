# SPDX-License-Identifier: Apache-2.0
"""What is written down of a run: its events, the writers of them, and readers of logs."""
