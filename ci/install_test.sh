#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the C++ library, static and shared, and builds programs against it in clean folders: with find_package,
# pkg-config, add_subdirectory and FetchContent. Argument: a folder to work in, made anew (default build/install-test);
# the prefixes stay there as prefix-static and prefix-shared. With RNNLIB_CI_ALL=0 (the default is 1) no library is
# built with FetchContent, since it would be that of add_subdirectory: only the program is compiled. Needs cmake, a
# compiler and, to build the library, Eigen.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=${1:-$root/build/install-test}
version=$(sed -n 's/^project(rnnlib VERSION \([0-9.]*\).*/\1/p' "$root/cpp/CMakeLists.txt")
export CMAKE_GENERATOR=${CMAKE_GENERATOR:-Ninja}
rm -rf "$work"
mkdir -p "$work"
work=$(cd "$work" && pwd)

fail() { echo "ci/install_test.sh: $*" >&2; exit 1; }

quietly() {
  "$@" >"$work/last.log" 2>&1 || { cat "$work/last.log" >&2; fail "failed: $*"; }
}

# install_library NAME SOURCE OPTION...: into prefix-NAME, by way of another place, since it must work when moved.
install_library() {
  local name=$1 source=$2
  shift 2
  quietly cmake -S "$source" -B "$work/build-$name" -DRNNLIB_WERROR=ON -DCMAKE_INSTALL_PREFIX="$work/elsewhere" "$@"
  quietly cmake --build "$work/build-$name"
  quietly cmake --install "$work/build-$name"
  mv "$work/elsewhere" "$work/prefix-$name"
  # The build is out of reach: nothing may be taken from there.
  mv "$work/build-$name" "$work/away-$name"
}

# run_consumers WHAT CONSUMER C_CONSUMER
run_consumers() {
  local output
  output=$("$2" "$work/consumer.save" && "$3" "$work/consumer.save") || fail "$1: the consumer failed"
  [ "$output" = $'consumer: ok\nC consumer: plus' ] || fail "$1: found: $output"
  echo "$1: ok"
}

# configure_consumer NAME PROJECT OPTION...
configure_consumer() {
  local name=$1 project=$2
  shift 2
  quietly cmake -S "$root/tests/install/$project" -B "$work/$name" -DEXPECTED_VERSION="$version" "$@"
}

# build_consumer NAME PROJECT OPTION...
build_consumer() {
  configure_consumer "$@"
  quietly cmake --build "$work/$1"
}

# Eigen is hidden from those that use an installed library.
find_package_consumer() {
  local name=$1 linker=$2
  build_consumer "find_package-$name" find_package -DCMAKE_PREFIX_PATH="$work/prefix-$name" \
    -DCMAKE_DISABLE_FIND_PACKAGE_Eigen3=ON -DC_LINKER_LANGUAGE="$linker"
  run_consumers "find_package, $name" "$work/find_package-$name/consumer" "$work/find_package-$name/consumer_c"
  if cmake -S "$root/tests/install/find_package" -B "$work/version-$name" -DCMAKE_PREFIX_PATH="$work/prefix-$name" \
    -DEXPECTED_VERSION=9.9 >"$work/last.log" 2>&1; then
    fail "find_package accepted version 9.9"
  fi
  grep -q "version: $version" "$work/last.log" || { cat "$work/last.log"; fail "another error than the version's"; }
}

pkg_config_consumer() {
  local name=$1 linker=$2 out=$work/pkg_config-$1
  command -v pkg-config >/dev/null || { echo "pkg-config, $name: not there, left out"; return; }
  mkdir "$out"
  export PKG_CONFIG_PATH="$work/prefix-$name/lib/pkgconfig"
  [ "$(pkg-config --modversion rnnlib)" = "$version" ] || fail "pkg-config's version"
  # shellcheck disable=SC2046  # flags are words
  {
    quietly "${CXX:-c++}" -std=c++17 -DRNNLIB_EXPECTED_VERSION="\"$version\"" "$root/tests/install/consumer.cpp" \
      -o "$out/consumer" $(pkg-config --cflags --libs rnnlib) -pthread -Wl,-rpath,"$work/prefix-$name/lib"
    quietly "${CC:-cc}" -std=c99 -pedantic -Wall -Wextra -Werror -c "$root/tests/install/consumer.c" -o "$out/c.o" \
      $(pkg-config --cflags rnnlib)
    quietly "$linker" "$out/c.o" -o "$out/consumer_c" $(pkg-config --libs rnnlib) -Wl,-rpath,"$work/prefix-$name/lib"
  }
  run_consumers "pkg-config, $name" "$out/consumer" "$out/consumer_c"
}

check_licence() {
  local file
  for file in LICENSE NOTICE; do
    cmp "$root/$file" "$work/prefix-$1/share/doc/rnnlib/$file" || fail "$1: $file is not installed as it is"
  done
  echo "licence, $1: ok"
}

# A shared library shows its interface and nothing of its inside.
check_symbols() {
  local library=$work/prefix-shared/lib/librnnlib.so
  command -v nm >/dev/null && [ -e "$library" ] || return 0
  nm -DC --defined-only "$library" | awk '{ print $2, substr($0, 20) }' >"$work/symbols.txt"
  grep -q " rnnlib_network_load" "$work/symbols.txt" || fail "the C interface is not exported"
  grep -q " rnnlib::Network::predict" "$work/symbols.txt" || fail "the C++ interface is not exported"
  if grep -E "Eigen|rnnlib::(Engine|EngineWorkspace|NetworkLayout|vmath|Sweep|WideSweep)\b" "$work/symbols.txt"; then
    fail "inner symbols are exported"
  fi
  echo "symbols of the shared library: $(wc -l <"$work/symbols.txt"), of which functions of the interface: $(grep -c '^T ' "$work/symbols.txt")"
}

install_library static "$root"  # from the top level, without Python
install_library shared "$root/cpp" -DBUILD_SHARED_LIBS=ON
find_package_consumer static CXX
find_package_consumer shared C
pkg_config_consumer static "${CXX:-c++}"
pkg_config_consumer shared "${CC:-cc}"
check_symbols
check_licence static
check_licence shared

build_consumer add_subdirectory add_subdirectory -DRNNLIB_SOURCE="$root/cpp"
run_consumers add_subdirectory "$work/add_subdirectory/consumer" "$work/add_subdirectory/consumer_c"
quietly cmake --install "$work/add_subdirectory" --prefix "$work/prefix-of-consumer"
[ "$(cd "$work/prefix-of-consumer" && find . -type f)" = ./bin/consumer ] || fail "rnnlib was installed with its user"
if [ "${RNNLIB_CI_ALL:-1}" = 1 ]; then
  build_consumer fetch_content fetch_content -DRNNLIB_ROOT="$root"
  run_consumers FetchContent "$work/fetch_content/consumer" "$work/fetch_content/consumer_c"
else
  configure_consumer fetch_content fetch_content -DRNNLIB_ROOT="$root"
  quietly cmake --build "$work/fetch_content" --target consumer_object
  echo "FetchContent: compiled"
fi

(cd "$work/prefix-static" && find . -type f -o -type l | sort)
(cd "$work/prefix-shared" && find . -name "*.so*" | sort)
if command -v ldd >/dev/null; then ldd "$work/find_package-shared/consumer" | awk '{ print $1 }' | tr '\n' ' '; echo; fi
echo "ci/install_test.sh: all good"
