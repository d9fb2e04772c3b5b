# SPDX-License-Identifier: Apache-2.0
"""Looking inside data and networks: checks, contents, a network's variables for a sequence, its weights."""
