#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Format, lint, types, stubs, include rules, sizes, references, links and changelog; names every check that failed. Needs a Python that has rnnlib-py and
# ci/requirements-lint.txt installed: $RNNLIB_PYTHON, else the .venv-ci that ci/test.sh made. `ci/lint.sh --fix` formats.
set -euo pipefail
cd "$(dirname "$0")/.."
source ci/common.sh

python=${RNNLIB_PYTHON:-$PWD/.venv-ci/bin/python}
if ! "$python" -c 'import rnnlib_py, clang_format, clang_tidy, mypy, ruff'; then
  echo "$python lacks rnnlib_py or a tool: run ci/test.sh, or set RNNLIB_PYTHON to a Python with both" >&2
  exit 1
fi
PATH="$(dirname "$python"):$PATH"
export PATH
build=$PWD/build/lint

# files PATTERN...: what git has or would take, one a line.
files() {
  git ls-files --cached --others --exclude-standard -- "$@" | while read -r file; do
    if [ -e "$file" ]; then echo "$file"; fi
  done
}

cpp_files() {
  files 'cpp/*.h' 'cpp/*.cpp' 'python/bindings/*.h' 'python/bindings/*.cpp' 'tests/*.h' 'tests/*.cpp' \
    'benchmarks/*.h' 'benchmarks/*.cpp' 'examples/*.h' 'examples/*.cpp'
}

if [ "${1:-}" = --fix ]; then
  cpp_files | xargs clang-format -i
  ruff check --quiet --fix .
  ruff format --quiet .
fi

check_clang_format() { cpp_files | xargs clang-format --dry-run -Werror; }

# Every source file of the engine, as it compiles.
check_clang_tidy() {
  cmake -S cpp -B "$build" -DPython_EXECUTABLE="$python" >/dev/null || return 1
  files 'cpp/src/*.cpp' | xargs -n 1 -P "$(processors)" clang-tidy -p "$build" --quiet 2>"$build/clang-tidy.log" ||
    { grep -v -E '^[0-9]+ warnings? (generated|treated)' "$build/clang-tidy.log"; return 1; }
}

check_ruff() { ruff check .; }
check_ruff_format() { ruff format --check .; }
check_mypy() { mypy --config-file pyproject.toml; }

# The stubs against the compiled modules, less what every pybind11 class shows and no stub should: its metaclass, and the
# constructor that raises where there is none.
check_stubtest() {
  local allowlist=$PWD/ci/stubtest_allowlist.txt
  local modules=(rnnlib_py._core rnnlib_py._cpu rnnlib_py._labels rnnlib_py.runner)
  (cd "$build" && python -m mypy.stubtest --concise --allowlist "$allowlist" "${modules[@]}") \
    >"$build/stubtest.log" 2>&1 || true
  ! grep -v -E '^Success|metaclass differs$|__init__ is inconsistent, stub does not have \*args parameter' \
    "$build/stubtest.log"
}

check_includes() { python ci/include_table.py; }
check_python_rooms() { python ci/python_rooms.py; }
check_sizes() { python ci/check_sizes.py; }
check_references() { python ci/check_references.py; }
check_links() { python ci/check_links.py; }
check_changelog() { python ci/check_changelog.py; }
check_models() { python ci/models.py; }

mkdir -p "$build"
failed=""
for check in clang_format clang_tidy ruff ruff_format mypy stubtest includes python_rooms sizes references links changelog models; do
  start=$SECONDS
  if ! "check_$check"; then failed+=" $check"; fi
  echo "lint: $check, $((SECONDS - start)) s"
done
if [ -n "$failed" ]; then
  echo "lint: FAILED:$failed"
  exit 1
fi
echo "lint: all good"
