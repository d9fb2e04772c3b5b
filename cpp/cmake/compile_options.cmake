# SPDX-License-Identifier: Apache-2.0
# Compiler options of our own targets.

# Warnings; errors when RNNLIB_WERROR. Eigen, pybind11 and GoogleTest are SYSTEM includes and stay quiet.
function(rnnlib_warnings target)
  if(MSVC)
    target_compile_options(${target} PRIVATE /W4 /utf-8 /bigobj $<$<BOOL:${RNNLIB_WERROR}>:/WX>)
  else()
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                             $<$<BOOL:${RNNLIB_WERROR}>:-Werror>)
    if(EMSCRIPTEN)  # sizes have 64 bits, addresses 32; and loops that clang does not vectorise are no fault
      target_compile_options(${target} PRIVATE -Wno-shorten-64-to-32 -Wno-pass-failed)
    endif()
  endif()
endfunction()

# Freedoms that help vectorisation and change no result. Never -ffast-math: NaN must be seen, and the same sum must have
# the same bits for every number of threads.
function(rnnlib_float_options target)
  if(NOT MSVC)
    target_compile_options(${target} PRIVATE -fno-math-errno -fno-trapping-math)
  endif()
endfunction()
