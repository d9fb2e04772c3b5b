# SPDX-License-Identifier: Apache-2.0
"""What the operating system gives: files, signals, terminals, memory and cores; and how numbers are written."""
