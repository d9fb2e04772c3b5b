#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fuzzes the loading of saves for some seconds (default 60) under the address and undefined behaviour sanitizers, from
# the corpus in tests/fuzz/corpus. Needs clang with libFuzzer; without it the corpus is only tried with the compiler
# there is. What is found is left in the build folder (build/fuzz) as crash-*, oom-*, timeout-*.
#   ci/fuzz.sh [SECONDS]
#   ci/fuzz.sh --merge       puts into tests/fuzz/corpus what reaches code that nothing else in it or in the build folder does
set -euo pipefail
cd "$(dirname "$0")/.."
export CMAKE_GENERATOR=${CMAKE_GENERATOR:-Ninja}
build=${RNNLIB_FUZZ_BUILD:-$PWD/build/fuzz}
corpus=$PWD/tests/fuzz/corpus
limits=(-max_len=6000 -timeout=10 -rss_limit_mb=2048 -malloc_limit_mb=512)

compiler=c++
echo 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }' >"${TMPDIR:-/tmp}/rnnlib_fuzz_probe.cpp"
if clang++ -fsanitize=fuzzer,address "${TMPDIR:-/tmp}/rnnlib_fuzz_probe.cpp" -o /dev/null 2>/dev/null; then compiler=clang++; fi
rm -f "${TMPDIR:-/tmp}/rnnlib_fuzz_probe.cpp"

cmake -S cpp -B "$build" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_CXX_FLAGS_RELWITHDEBINFO="-O1" -DRNNLIB_FUZZ=ON \
  -DRNNLIB_OPENMP=OFF -DRNNLIB_INSTALL=OFF -DCMAKE_CXX_COMPILER="$compiler" >/dev/null
cmake --build "$build" | tail -n 1
"$build/fuzz/fuzz_replay" "$corpus" 2>/dev/null || "$build/fuzz/fuzz_replay" "$corpus"
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
"$build/fuzz/save_fuzzer" "${limits[@]}" -max_total_time="${1:-60}" -print_final_stats=1 \
  -dict="$OLDPWD/tests/fuzz/save.dict" corpus "$corpus" >fuzz.log 2>&1 ||
  { tail -n 60 fuzz.log; exit 1; }
grep -E "^#[0-9]+.*(INITED|DONE)|stat::(number_of_executed_units|average_exec|peak_rss)" fuzz.log
echo "ci/fuzz.sh: all good"
