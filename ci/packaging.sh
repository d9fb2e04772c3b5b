#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The recipes of packaging/, made of this checkout's source distribution and tried as far as that goes without the package
# managers' indexes: a Conan package is built and used, the vcpkg port is run by CMake (ci/vcpkg_port.cmake) and its result is
# used, the conda recipe is read. Eigen is the system's or that of the Python package cmeel-eigen. Everything is left in build/packaging.
set -euo pipefail
cd "$(dirname "$0")/.."
source ci/common.sh

work=$PWD/build/packaging
tools=$PWD/build/venv-packaging
version=$(sed -n 's/^project(rnnlib VERSION \([0-9.]*\).*/\1/p' cpp/CMakeLists.txt)
export CMAKE_GENERATOR=Ninja CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$(processors)}
if command -v ccache >/dev/null; then
  export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi
rm -rf "$work"
mkdir -p "$work"
make_venv "$tools"
"$tools/bin/python" -m pip install --quiet build "conan>=2.4" "cmake>=3.21" ninja "cmeel-eigen>=3.4" py-rattler-build
export PATH="$tools/bin:$PATH" VIRTUAL_ENV=$tools
eigen=$(python -c 'import pathlib, sys; print(next(p for s in sys.path if (p := pathlib.Path(s, "cmeel.prefix")).is_dir()))')

python -m build --sdist --outdir "$work" . >"$work/sdist.log" 2>&1 || { cat "$work/sdist.log"; exit 1; }
sdist=$(echo "$work"/rnnlib_py-*.tar.gz)

printf '== Conan\n'
python packaging/make.py "$sdist" "$work/local" "file://$sdist" >/dev/null
export CONAN_HOME=$work/conan-home
conan profile detect >"$work/conan.log" 2>&1
printf '[platform_requires]\neigen/3.4.0\n' >>"$CONAN_HOME/profiles/default"  # not from ConanCenter
conan create "$work/local/conan" -o 'rnnlib/*:zlib=False' --no-remote >>"$work/conan.log" 2>&1 ||
  { tail -n 60 "$work/conan.log"; exit 1; }
grep "rnnlib $version, threads: yes, outputs: 3" "$work/conan.log"

printf '\n== vcpkg\n'
python packaging/make.py "$sdist" "$work/recipes" >/dev/null
python -m json.tool "$work/recipes/vcpkg/ports/rnnlib/vcpkg.json" >/dev/null
cmake -DPORTFILE="$work/recipes/vcpkg/ports/rnnlib/portfile.cmake" -DSDIST="$sdist" -DWORK="$work/vcpkg" -DEIGEN="$eigen" \
  -P ci/vcpkg_port.cmake >"$work/vcpkg.log" 2>&1 || { tail -n 60 "$work/vcpkg.log"; exit 1; }
cmake -S packaging/conan/test_package -B "$work/vcpkg/use" -DCMAKE_PREFIX_PATH="$work/vcpkg/packages" >>"$work/vcpkg.log" 2>&1
cmake --build "$work/vcpkg/use" >>"$work/vcpkg.log" 2>&1 || { tail -n 60 "$work/vcpkg.log"; exit 1; }
"$work/vcpkg/use/test_package"
(cd "$work/vcpkg/packages" && find share -type f | sort)

printf '\n== conda\n'
python ci/conda_recipe.py "$work/recipes/conda/recipe.yaml" "$version"
echo "ci/packaging.sh: all good, $SECONDS s"
