# SPDX-License-Identifier: Apache-2.0
# Sourced by the scripts of this folder: a Python to start from, a fresh virtual environment, the number of processors.

# Prints the first Python >= 3.10 among $PYTHON, python3 and python3.N.
find_python() {
  local candidate
  for candidate in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11 python3.10; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  echo "No Python >= 3.10 found; set PYTHON to one." >&2
  return 1
}

# make_venv FOLDER: a new, empty virtual environment.
make_venv() {
  local python
  python=$(find_python) || return 1
  if ! "$python" -m venv --clear "$1"; then
    echo "'$python -m venv' failed: install the venv module (Debian and Ubuntu: apt-get install python3-venv)." >&2
    return 1
  fi
  "$1/bin/python" -m pip install --quiet --upgrade pip
}

processors() {
  getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2
}
