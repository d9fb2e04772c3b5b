#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the site of docs/ in build/docs. A warning is an error, and so is a link that leads nowhere or a page that would
# load something from elsewhere. Tutorials are notebooks: their cells run, and an error in one is an error, too.
# Where emscripten is installed, the module for browsers is built first, for the page try.html.
# Settings (environment):
#   RNNLIB_DOCS_PYTHON=...   a Python with ci/requirements-docs.txt and the package; else one is made in build/venv-docs
#   RNNLIB_DOCS_WHEEL=...    the package's wheel for that one; else the package is compiled
#   RNNLIB_DOCS_TUTORIALS=0  does not run the tutorials, and does not need the package
set -euo pipefail
cd "$(dirname "$0")/.."
source ci/common.sh

python=${RNNLIB_DOCS_PYTHON:-}
if [ -z "$python" ]; then
  make_venv "$PWD/build/venv-docs"
  python=$PWD/build/venv-docs/bin/python
  "$python" -m pip install --quiet -r ci/requirements-docs.txt
  if [ "${RNNLIB_DOCS_TUTORIALS:-1}" != 0 ]; then
    "$python" -m pip install --quiet "${RNNLIB_DOCS_WHEEL:-.}[audio,demo,sklearn,text]"
  fi
fi
bash ci/wasm.sh --if-possible
rm -rf build/docs
"$python" -m sphinx --fail-on-warning --keep-going --quiet -d build/docs-doctrees -E -b html docs build/docs
"$python" ci/check_site.py build/docs
