#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Everything that must pass, from a fresh clone: C++ tests for any processor and for this one's best instruction set, the
# wheel's build and its tests for every instruction set that this machine has, lint. Needs Python >= 3.10, a C++17
# compiler and packages from the internet; installs the rest into .venv-ci. Settings (environment):
#   PYTHON=python3.13        the Python to use
#   RNNLIB_CI_SANITIZE=1     also run the C++ tests under the address, undefined behaviour and thread sanitizers
#   RNNLIB_CI_ALL=1          run the C++ tests for every instruction set that this machine has, and build the library
#                            with FetchContent, too
#   RNNLIB_CI_LINT=0         leave out ci/lint.sh and ci/docs.sh
set -euo pipefail
cd "$(dirname "$0")/.."
source ci/common.sh

venv=$PWD/.venv-ci
build=$PWD/build/ci
jobs=$(processors)

export RNNLIB_CI_ALL=${RNNLIB_CI_ALL:-0}

# Nothing of the developer's own: old builds, Python paths, pip's user packages.
rm -rf "$build"
mkdir -p "$build"
unset PYTHONPATH PYTHONHOME CONDA_PREFIX
# As activated: a `cmake` that changes PATH (pyenv's shims do) must still find this environment's Eigen.
export VIRTUAL_ENV=$venv
export PYTHONNOUSERSITE=1 PIP_DISABLE_PIP_VERSION_CHECK=1 CMAKE_GENERATOR=Ninja CMAKE_BUILD_PARALLEL_LEVEL=$jobs
export PATH="$venv/bin:$PATH"
if command -v ccache >/dev/null; then
  export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi

# GoogleTest from the system's package manager, where it may; else CMake fetches it.
install_googletest() {
  local sudo=""
  if [ -e /usr/include/gtest/gtest.h ] || [ -e /usr/local/include/gtest/gtest.h ]; then return; fi
  if command -v brew >/dev/null; then
    brew list googletest >/dev/null 2>&1 || brew install --quiet googletest || true
    return
  fi
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || return 0
    sudo="sudo -n"
  fi
  if command -v apt-get >/dev/null; then
    $sudo apt-get install -qq -y libgtest-dev ||
      { $sudo apt-get update -qq && $sudo apt-get install -qq -y libgtest-dev; } || true
  elif command -v dnf >/dev/null; then
    $sudo dnf install -q -y gtest-devel || true
  elif command -v pacman >/dev/null; then
    $sudo pacman -S --noconfirm --needed gtest || true
  fi
}

tools() {
  local wanted=("cmeel-eigen>=3.4")
  make_venv "$venv"
  cmake --version 2>/dev/null | awk '/version/ { split($3, v, "."); exit !(v[1] > 3 || (v[1] == 3 && v[2] >= 21)) }' ||
    wanted+=("cmake>=3.21")
  ninja --version >/dev/null 2>&1 || wanted+=("ninja")
  pip install --quiet "${wanted[@]}"
  install_googletest
}

# build_cpp PRESET [ISA]
build_cpp() {
  local folder=$build/$1${2:+-$2}
  cmake --preset "$1" -B "$folder" -DPython_EXECUTABLE="$venv/bin/python" -DRNNLIB_ISA="${2:-}"
  cmake --build "$folder"
}

# test_cpp PRESET [ISA]
test_cpp() {
  local name=$1${2:+-$2}
  ctest --test-dir "$build/$name" --output-on-failure --no-tests=error -j 2 >"$build/ctest-$name.log" 2>&1 ||
    { cat "$build/ctest-$name.log"; return 1; }
  grep -E 'tests passed' "$build/ctest-$name.log"
}

# In an isolated environment, so that the declared build requirements are all it has.
build_wheel() {
  pip wheel --quiet --no-deps --wheel-dir "$build/wheel" --config-settings=cmake.define.RNNLIB_WERROR=ON .
  python ci/check_dist.py "$build"/wheel/rnnlib_py-*.whl
}

# What is in the wheel and in the sdist; ci/wheel.sh also builds and tries them as a user would.
check_files() {
  pip install --quiet build
  python -m build --sdist --outdir "$build/sdist" . >"$build/sdist.log" 2>&1 || { cat "$build/sdist.log"; return 1; }
  python ci/check_dist.py "$build"/sdist/*.tar.gz
  python ci/check_dist.py "$build"/wheel/rnnlib_py-*.whl
}

install_wheel() {
  local wheel
  wheel=$(echo "$build"/wheel/rnnlib_py-*.whl)
  pip install --quiet "$wheel[test]" -r ci/requirements-lint.txt
}

# For its tests, where pip would take a build for the CPU; else they skip, and the reason is printed.
install_torch() {
  python ci/install_torch.py
}

# usable_isas SLICE: of the engine's builds that this machine can run, the best last, a slice ("[1:]", "[:-1]")
usable_isas() {
  python -c "import rnnlib_py; i = rnnlib_py.build_info(); print(*[n for n in i['isas'] if n in i['supported']]$1)"
}

# With the build that is chosen by itself, the best.
test_python() {
  python -m pytest -q --durations=5 2>&1 | tee "$build/pytest.log"
}

# test_python_isa ISA: what depends on the numbers
test_python_isa() {
  RNNLIB_ISA=$1 python -m pytest -q tests/python/test_golden.py tests/python/model/test_api.py
}

lint() {
  RNNLIB_PYTHON="$venv/bin/python" bash ci/lint.sh
}

# With the tutorials, which run on the wheel.
docs() {
  RNNLIB_DOCS_WHEEL=$(echo "$build"/wheel/rnnlib_py-*.whl) bash ci/docs.sh
}

sanitizers=""
if [ "${RNNLIB_CI_SANITIZE:-0}" = 1 ]; then
  sanitizers="asan-ubsan tsan"
fi

# step NAME NEEDS COMMAND...: runs the command unless the step NEEDS did not pass; notes outcome and duration.
passed="|-|"
failures=0
report=""
step() {
  local name=$1 needs=$2 start=$SECONDS status=0 outcome=ok
  shift 2
  if [[ $passed != *"|$needs|"* ]]; then
    outcome="not run"
  else
    printf '\n== %s\n' "$name"
    set +e
    (set -e; "$@")
    status=$?
    set -e
    [ $status = 0 ] || outcome=FAILED
  fi
  if [ "$outcome" = ok ]; then passed+="$name|"; else failures=$((failures + 1)); fi
  report+=$(printf '%-24s %5d s  %s' "$name" $((SECONDS - start)) "$outcome")$'\n'
}

step "tools" - tools
step "C++ build" "tools" build_cpp dev
step "C++ tests" "C++ build" test_cpp dev
for preset in $sanitizers; do
  step "C++ build, $preset" "tools" build_cpp "$preset"
  step "C++ tests, $preset" "C++ build, $preset" test_cpp "$preset"
done
step "C++ installation" "tools" bash ci/install_test.sh "$build/install"
step "C++ and C examples" "C++ installation" bash ci/examples.sh "$build/install/prefix-static" "$build/examples"
if command -v doxygen >/dev/null; then step "C++ pages" "tools" doxygen cpp/Doxyfile; fi
step "fuzzing" "tools" env RNNLIB_FUZZ_BUILD="$build/fuzz" bash ci/fuzz.sh 60
step "module for browsers" "tools" bash ci/wasm.sh --if-possible
step "wheel" "tools" build_wheel
step "files of wheel, sdist" "wheel" check_files
step "installation" "wheel" install_wheel
step "PyTorch" "installation" install_torch
step "Python tests" "installation" test_python
if [[ $passed == *"|installation|"* ]]; then
  for isa in $(usable_isas "[:-1]"); do
    step "Python tests, $isa" "installation" test_python_isa "$isa"
  done
  tested="[1:]"  # the first is what the compiler compiles for by itself, tested above
  [ "$RNNLIB_CI_ALL" = 1 ] || tested+="[-1:]"
  for isa in $(usable_isas "$tested"); do
    step "C++ build, $isa" "tools" build_cpp dev "$isa"
    step "C++ tests, $isa" "C++ build, $isa" test_cpp dev "$isa"
  done
fi
if [ "${RNNLIB_CI_LINT:-1}" = 1 ]; then
  step "lint" "installation" lint
  step "docs" "wheel" docs
fi

printf '\n== Summary\n%s' "$report"
for log in "$build"/ctest-*.log; do
  if [ -e "$log" ]; then grep -E 'tests passed' "$log" || true; fi
done
if [ -e "$build/pytest.log" ]; then tail -n 1 "$build/pytest.log"; fi
if [ $failures != 0 ]; then
  echo "ci/test.sh: $failures step(s) failed or not run, $SECONDS s"
  exit 1
fi
echo "ci/test.sh: all good, $SECONDS s"
