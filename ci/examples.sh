#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the C++ and C examples against an installed library, runs them and checks what they print.
#   ci/examples.sh [PREFIX [FOLDER]]   PREFIX: where the library is installed; without it, it is built and installed first.
#                                      FOLDER: to work in, made anew (default build/examples)
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
prefix=${1:-}
work=${2:-$root/build/examples}
export CMAKE_GENERATOR=${CMAKE_GENERATOR:-Ninja}
rm -rf "$work"
mkdir -p "$work"
work=$(cd "$work" && pwd)

fail() { echo "ci/examples.sh: $*" >&2; exit 1; }

quietly() {
  "$@" >"$work/last.log" 2>&1 || { cat "$work/last.log" >&2; fail "failed: $*"; }
}

# expect NAME PATTERN...: every extended regular expression matches a line of what the example printed
expect() {
  local name=$1 pattern
  shift
  for pattern in "$@"; do
    grep -qE "$pattern" "$work/$name.txt" || { cat "$work/$name.txt" >&2; fail "$name: no line like '$pattern'"; }
  done
  echo "$name: ok"
}

build() {
  quietly cmake -S "$root/examples/$1" -B "$work/$1" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_CXX_FLAGS="-Wall -Wextra -Werror" \
    -DCMAKE_C_FLAGS="-Wall -Wextra -pedantic -Werror"
  quietly cmake --build "$work/$1"
}

if [ -z "$prefix" ]; then
  prefix=$work/prefix
  quietly cmake -S "$root/cpp" -B "$work/library" -DCMAKE_INSTALL_PREFIX="$prefix"
  quietly cmake --build "$work/library"
  quietly cmake --install "$work/library"
fi
prefix=$(cd "$prefix" && pwd)

build cpp_embed
(cd "$root/examples/cpp_embed" && "$work/cpp_embed/cpp_embed" digits.save line1.pgm line2.pgm) >"$work/cpp_embed.txt"
expect cpp_embed '^line1.pgm: 21436$' '^line2.pgm: 396$' '^  9  columns +[0-9]+ to +[0-9]+  confidence [01]\.[0-9]{2}$'
[ "$(wc -l <"$work/cpp_embed.txt")" = 10 ] || fail "cpp_embed: expected 10 lines"

build cpp_read_line
lines=$root/examples/cpp_read_line
"$work/cpp_read_line/cpp_read_line" "$root/models/fraktur.safetensors" "$lines/line1.pgm" "$lines/line2.ppm" >"$work/cpp_read_line.txt"
expect cpp_read_line '^lichkeit des Oceans verliert\.$' '^Paris im Oktober\.$'

build c_embed
"$work/c_embed/c_embed" "$root/examples/cpp_embed/digits.save" "$root/examples/cpp_embed/line1.pgm" >"$work/c_embed.txt"
expect c_embed 'line1.pgm: 21436$' '^  6  columns +[0-9]+ to +[0-9]+  confidence [01]\.[0-9]+$'

build cpp_train
"$work/cpp_train/cpp_train" "$work/waves.save" >"$work/cpp_train.txt"
expect cpp_train '^epoch +1 ' '^test error [0-5]\.[0-9] %$' '^the first test signal: a (sine|square|sawtooth), probability [01]\.[0-9]{2}$'

# Bad files are one line on the standard error and status 1.
for program in cpp_embed cpp_read_line c_embed; do
  for save in "$root/README.md" "$work/waves.save" "$work/missing.save"; do
    status=0
    "$work/$program/$program" "$save" "$root/examples/cpp_embed/line1.pgm" >"$work/bad.txt" 2>&1 || status=$?
    [ $status = 1 ] && [ "$(wc -l <"$work/bad.txt")" = 1 ] || { cat "$work/bad.txt" >&2; fail "$program: bad save: $status"; }
  done
done
echo "ci/examples.sh: all good"
