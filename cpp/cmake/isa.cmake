# SPDX-License-Identifier: Apache-2.0
# Instruction sets that the engine can be compiled for: baseline (every processor of the architecture), avx2 and avx512
# (levels 3 and 4 of x86-64, which hold more than these names say), neon (every 64-bit ARM processor), and, of
# WebAssembly, simd128. Which of them a processor has is found in python/bindings/cpu/cpu.cpp; both must mean the same.
include(CheckCXXCompilerFlag)
include(CheckCXXSourceCompiles)

check_cxx_source_compiles(
  "#if !defined(__x86_64__) && (!defined(_M_X64) || defined(_M_ARM64EC))\n#error\n#endif\nint main() {}" RNNLIB_X86_64)
check_cxx_source_compiles("#if !defined(__aarch64__) && !defined(_M_ARM64)\n#error\n#endif\nint main() {}" RNNLIB_ARM64)
check_cxx_source_compiles("#ifndef __wasm__\n#error\n#endif\nint main() {}" RNNLIB_WASM)

# Sets `result` to the compiler's options for one instruction set.
function(rnnlib_isa_flags isa result)
  if(isa STREQUAL "simd128" AND RNNLIB_WASM)
    # Eigen knows the vector unit of WebAssembly by the names of x86-64's, which emscripten translates.
    set(flags -msimd128 -msse4.1)
  elseif(isa STREQUAL "neon" AND RNNLIB_ARM64 OR isa STREQUAL "baseline" AND (MSVC OR NOT RNNLIB_X86_64))
    set(flags "")
  elseif(NOT RNNLIB_X86_64 OR NOT isa MATCHES "^(baseline|avx2|avx512)$")
    message(
      FATAL_ERROR "No instruction set '${isa}' here; expected baseline, on x86-64 also avx2, avx512, on arm64 neon, "
                  "in WebAssembly simd128")
  elseif(MSVC)
    string(TOUPPER "${isa}" name)
    set(flags /arch:${name})
  else()
    set(flags_baseline -march=x86-64)
    set(flags_avx2 -march=x86-64-v3)
    set(flags_avx512 -march=x86-64-v4 -mprefer-vector-width=512)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")  # wrong about the compiler's own headers of AVX-512 (GCC bug 105593)
      list(APPEND flags_avx512 -Wno-uninitialized -Wno-maybe-uninitialized)
    endif()
    set(flags ${flags_${isa}})
  endif()
  set(${result} "${flags}" PARENT_SCOPE)
endfunction()

# Sets `result` to what a wheel for this architecture holds: all that the compiler knows, the best last.
function(rnnlib_default_isas result)
  if(RNNLIB_X86_64)
    set(isas baseline)
    foreach(isa avx2 avx512)
      rnnlib_isa_flags(${isa} flags)
      string(REPLACE ";" " " flags "${flags}")
      check_cxx_compiler_flag("${flags}" RNNLIB_COMPILER_HAS_${isa})
      if(RNNLIB_COMPILER_HAS_${isa})
        list(APPEND isas ${isa})
      endif()
    endforeach()
  elseif(RNNLIB_ARM64)
    set(isas neon)
  else()
    set(isas baseline)
  endif()
  set(${result} "${isas}" PARENT_SCOPE)
endfunction()
