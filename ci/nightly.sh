#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What takes too long for ci/test.sh: all C++ tests for every instruction set and under every sanitizer, the library
# built with FetchContent, long fuzzing, many ends of the interpreter, recipes of package managers, links to other
# sites. Needs what ci/test.sh needs, and clang with libFuzzer.
#   ci/nightly.sh [SECONDS]     of fuzzing (default 1800)
set -euo pipefail
cd "$(dirname "$0")/.."

RNNLIB_CI_SANITIZE=1 RNNLIB_CI_ALL=1 RNNLIB_CI_LINT=0 RNNLIB_CI_END_TRIES=40 bash ci/test.sh
RNNLIB_FUZZ_TESTS="*_test.cpp" RNNLIB_FUZZ_BUILD="$PWD/build/nightly/fuzz" CMAKE_GENERATOR=Ninja PATH="$PWD/.venv-ci/bin:$PATH" \
  bash ci/fuzz.sh "${1:-1800}"
bash ci/packaging.sh
python3 ci/check_links.py --external
echo "ci/nightly.sh: all good"
