#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the module for browsers (docs/browser.md) in build/wasm/module: engine.wasm and the JavaScript that calls it.
# Needs emscripten (Debian: apt-get install emscripten), CMake, and Eigen, which may be the Python package cmeel-eigen.
#   ci/wasm.sh --if-possible     where one of these is missing it says so, and succeeds
set -euo pipefail
cd "${0%/*}/.."

largest=1500000 # bytes of all files together

# missing WHAT: ends the script
missing() {
  echo "ci/wasm.sh: the module for browsers is left out: $1"
  [ "$if_possible" = yes ] && exit 0
  exit 1
}

if_possible=no
[ "${1:-}" != --if-possible ] || if_possible=yes
command -v emcmake >/dev/null || missing "emscripten (emcmake) is not installed"
command -v cmake >/dev/null || missing "CMake is not installed"
mkdir -p build
if ! emcmake cmake --preset wasm >build/wasm.log 2>&1; then
  grep -q "Eigen >= 3.4 not found" build/wasm.log && missing "Eigen is not installed"
  cat build/wasm.log
  exit 1
fi
cmake --build --preset wasm >build/wasm.log 2>&1 || { cat build/wasm.log; exit 1; }
size=$(cat build/wasm/module/* | wc -c)
echo "build/wasm/module: $size bytes; engine.wasm packed by gzip: $(gzip -9c build/wasm/module/engine.wasm | wc -c)"
if [ "$size" -gt $largest ]; then
  echo "ci/wasm.sh: the module has more than $largest bytes"
  exit 1
fi
