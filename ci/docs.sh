#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the site of docs/ in build/docs. A warning is an error, and so is a link that leads nowhere or a page that would
# load something from elsewhere. Needs a Python with ci/requirements-docs.txt: $RNNLIB_DOCS_PYTHON, else one that is
# made in build/venv-docs. The package need not be built.
set -euo pipefail
cd "$(dirname "$0")/.."
source ci/common.sh

python=${RNNLIB_DOCS_PYTHON:-}
if [ -z "$python" ]; then
  make_venv "$PWD/build/venv-docs"
  python=$PWD/build/venv-docs/bin/python
  "$python" -m pip install --quiet -r ci/requirements-docs.txt
fi
rm -rf build/docs
"$python" -m sphinx --fail-on-warning --keep-going --quiet -d build/docs-doctrees -E -b html docs build/docs
"$python" ci/check_site.py build/docs
