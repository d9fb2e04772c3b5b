# SPDX-License-Identifier: Apache-2.0
"""The parts of integrations/optuna.py: what is searched, a trial's training, several processes, what came of it."""
