#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the package into .venv-demo and runs the demo. Arguments are handed on to `rnnlib-py demo`.
set -euo pipefail
cd "$(dirname "$0")/.."
source ci/common.sh

venv=$PWD/.venv-demo
unset PYTHONPATH PYTHONHOME
export PYTHONNOUSERSITE=1 PIP_DISABLE_PIP_VERSION_CHECK=1

echo "Installing rnnlib-py and its demo extra into .venv-demo (compiles the engine: a few minutes) ..."
make_venv "$venv"
"$venv/bin/python" -m pip install --quiet ".[demo]"

"$venv/bin/rnnlib-py" demo "$@"
