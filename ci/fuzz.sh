#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fuzzes the loading of saves (from the corpus in tests/fuzz/corpus), safetensors files (safetensors_corpus), language
# models and dictionaries (language_corpus), recipes (recipe_corpus) and the C interface for some seconds (default 60: 20, 10, 5, 5 and 20) under clang's address and undefined behaviour sanitizers, after C++ tests in the same build. Needs clang with
# libFuzzer; without it the corpus and random calls are only tried with the compiler there is. What is found is left in the
# build folder (build/fuzz) as crash-*, oom-*, timeout-*.
#   ci/fuzz.sh [SECONDS]     RNNLIB_FUZZ_TESTS: the tests' files, a CMake list (default: those of memory and state; "" = none)
#   ci/fuzz.sh --merge       puts into tests/fuzz/corpus what reaches code that nothing else in it or in the build folder does
set -euo pipefail
cd "$(dirname "$0")/.."
export CMAKE_GENERATOR=${CMAKE_GENERATOR:-Ninja}
build=${RNNLIB_FUZZ_BUILD:-$PWD/build/fuzz}
corpus=$PWD/tests/fuzz/corpus
tensors_corpus=$PWD/tests/fuzz/safetensors_corpus
language_corpus=$PWD/tests/fuzz/language_corpus
recipe_corpus=$PWD/tests/fuzz/recipe_corpus
tests=${RNNLIB_FUZZ_TESTS-engine_*_test.cpp;stream_test.cpp;workspace_test.cpp;shared_weights_test.cpp;save_test.cpp;c_handle_test.cpp}
limits=(-max_len=6000 -timeout=10 -rss_limit_mb=2048 -malloc_limit_mb=512)

compiler=c++
c_compiler=cc
echo 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }' >"${TMPDIR:-/tmp}/rnnlib_fuzz_probe.cpp"
if clang++ -fsanitize=fuzzer,address "${TMPDIR:-/tmp}/rnnlib_fuzz_probe.cpp" -o /dev/null 2>/dev/null; then
  compiler=clang++
  c_compiler=clang
fi
rm -f "${TMPDIR:-/tmp}/rnnlib_fuzz_probe.cpp"

with_tests=OFF
if [ "$compiler" = clang++ ] && [ -n "$tests" ]; then with_tests=ON; fi
cmake -S cpp -B "$build" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_CXX_FLAGS_RELWITHDEBINFO="-O1" -DRNNLIB_FUZZ=ON \
  -DRNNLIB_THREADS=OFF -DRNNLIB_INSTALL=OFF -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_C_COMPILER="$c_compiler" \
  -DRNNLIB_TESTS=$with_tests -DRNNLIB_TEST_FILES="$tests" >/dev/null
cmake --build "$build" | tail -n 1
replay() { "$build/fuzz/fuzz_replay" "$@" 2>/dev/null || "$build/fuzz/fuzz_replay" "$@"; }
replay save "$corpus"
replay safetensors "$tensors_corpus"
replay language "$language_corpus"
replay recipe "$recipe_corpus"
"$build/fuzz/fuzz_c_api"
if [ $with_tests = ON ]; then
  "$build/tests/rnnlib_tests" --gtest_brief=1 >"$build/tests.log" 2>&1 || { tail -n 80 "$build/tests.log"; exit 1; }
  tail -n 1 "$build/tests.log"
fi
if [ "$compiler" != clang++ ]; then
  echo "ci/fuzz.sh: no libFuzzer (clang): the corpus was tried, nothing new was looked for"
  exit 0
fi
mkdir -p "$build/corpus"
cd "$build"
if [ "${1:-}" = --merge ]; then
  mkdir -p merged
  "$build/fuzz/save_fuzzer" -merge=1 -use_counters=0 -max_len=3000 merged "$corpus" corpus 2>&1 | tail -n 3
  rm -f "$corpus"/*
  cp merged/* "$corpus"
  exit 0
fi
# fuzz TARGET SECONDS ARGUMENT...
fuzz() {
  local target=$1 seconds=$2
  shift 2
  "$build/fuzz/$target" "${limits[@]}" -max_total_time="$seconds" -print_final_stats=1 "$@" >"$target.log" 2>&1 ||
    { tail -n 60 "$target.log"; exit 1; }
  grep -E "^#[0-9]+.*(INITED|DONE)|stat::(number_of_executed_units|average_exec|peak_rss)" "$target.log"
}
mkdir -p calls language recipes tensors
seconds=${1:-60}
fuzz save_fuzzer $((seconds / 3)) -dict="$OLDPWD/tests/fuzz/save.dict" corpus "$corpus"
fuzz safetensors_fuzzer $((seconds / 6)) -dict="$OLDPWD/tests/fuzz/safetensors.dict" tensors "$tensors_corpus"
fuzz language_fuzzer $((seconds / 12)) -dict="$OLDPWD/tests/fuzz/language.dict" language "$language_corpus"
fuzz recipe_fuzzer $((seconds / 12)) -dict="$OLDPWD/tests/fuzz/recipe.dict" recipes "$recipe_corpus"
fuzz c_api_fuzzer $((seconds / 3)) -max_len=400 calls
echo "ci/fuzz.sh: all good"
