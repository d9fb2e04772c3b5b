# SPDX-License-Identifier: Apache-2.0
# Finds Eigen >= 3.4 or 5.x: the system's, else the one in the Python package cmeel-eigen. That lies in a folder
# `cmeel.prefix` of some site-packages (in an isolated build: of a temporary one, known only to the Python that runs it).

# Eigen's version files accept one major version only, so each is asked for.
macro(rnnlib_find_eigen)
  find_package(Eigen3 3.4 QUIET NO_MODULE ${ARGN})
  if(NOT Eigen3_FOUND)
    find_package(Eigen3 5 QUIET NO_MODULE ${ARGN})
  endif()
endmacro()

# Sets `result` to the cmeel.prefix folder of the build's Python, or to nothing.
function(rnnlib_cmeel_prefix result)
  if(DEFINED Python_EXECUTABLE)
    set(python "${Python_EXECUTABLE}")
  else()
    find_program(python NAMES python3 python HINTS ENV VIRTUAL_ENV PATH_SUFFIXES bin Scripts NO_CACHE)
  endif()
  set(script "import pathlib, sys"
             "found = [p.as_posix() for p in (pathlib.Path(s, 'cmeel.prefix') for s in sys.path) if p.is_dir()]"
             "print(*found[:1])")
  string(JOIN "\n" script ${script})
  if(python)
    execute_process(COMMAND "${python}" -c "${script}" OUTPUT_VARIABLE prefix OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  endif()
  set(${result} "${prefix}" PARENT_SCOPE)
endfunction()

rnnlib_find_eigen()
if(NOT Eigen3_FOUND)
  rnnlib_cmeel_prefix(_rnnlib_prefix)
  if(_rnnlib_prefix)
    # A cross-compiler's own folders are no place to look for it.
    rnnlib_find_eigen(PATHS "${_rnnlib_prefix}" NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
  endif()
endif()
if(NOT Eigen3_FOUND)
  message(
    FATAL_ERROR
      "Eigen >= 3.4 not found. Install it with the system's package manager (libeigen3-dev, eigen3-devel, eigen), or "
      "the Python package cmeel-eigen with pip (-DPython_EXECUTABLE=... names that Python), or set Eigen3_DIR to the "
      "folder that holds Eigen3Config.cmake.")
endif()
message(STATUS "Eigen ${Eigen3_VERSION} in ${Eigen3_DIR}")
