// SPDX-License-Identifier: Apache-2.0
// rnnlib_py._cpu: which of the engine's builds this processor can run. A module of its own, compiled for every
// processor, because it runs before one is chosen.
//
// The levels 2, 3 and 4 of x86-64 (System V ABI for AMD64, section 3.1.1) are what -march=x86-64-v3 and -v4 let a
// compiler use, so all of their features are asked for, and of the operating system that it saves the wide registers.
//
// It is the first of the package's modules to be loaded, and so the one that refuses sub-interpreters: pybind11, of
// which the engine's module is made, keeps its state once per process, and importing it in a second interpreter waits
// for ever. For the same reason this module is written with Python's own interface only.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <cstdint>
#include <string>
#include <vector>

#if defined(__x86_64__)
#include <cpuid.h>
#define RNNLIB_X86_64
#elif defined(_M_X64) && !defined(_M_ARM64EC)
#include <intrin.h>
#define RNNLIB_X86_64
#endif

namespace {

#ifdef RNNLIB_X86_64

struct Registers {
  std::uint32_t a = 0, b = 0, c = 0, d = 0;
};

// CPUID; all 0 when the processor does not know the leaf.
Registers cpuid(std::uint32_t leaf) {
  Registers r;
#ifndef __x86_64__  // MSVC
  int values[4];
  __cpuidex(values, static_cast<int>(leaf & 0x80000000U), 0);
  if (static_cast<std::uint32_t>(values[0]) < leaf) return r;
  __cpuidex(values, static_cast<int>(leaf), 0);
  r.a = static_cast<std::uint32_t>(values[0]);
  r.b = static_cast<std::uint32_t>(values[1]);
  r.c = static_cast<std::uint32_t>(values[2]);
  r.d = static_cast<std::uint32_t>(values[3]);
#else
  if (__get_cpuid_count(leaf, 0, &r.a, &r.b, &r.c, &r.d) == 0) return {};
#endif
  return r;
}

// XCR0: the registers that the operating system saves. Only where CPUID says OSXSAVE.
std::uint64_t saved_registers() {
#ifndef __x86_64__
  return _xgetbv(0);
#else
  std::uint32_t low = 0, high = 0;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (static_cast<std::uint64_t>(high) << 32U) | low;
#endif
}

template <class... Bits>
constexpr std::uint32_t bits(Bits... numbers) {
  return ((std::uint32_t{1} << numbers) | ...);
}

template <class Number>
constexpr bool has(Number value, Number wanted) {
  return (value & wanted) == wanted;
}

std::vector<std::string> supported_isas() {
  constexpr std::uint32_t kOsxsave = bits(27);
  // Leaf 1, ECX: SSE3, SSSE3, CMPXCHG16B, SSE4.1, SSE4.2, POPCNT; FMA, MOVBE, OSXSAVE, AVX, F16C.
  constexpr std::uint32_t kLeaf1 = bits(0, 9, 13, 19, 20, 23) | bits(12, 22, 28, 29) | kOsxsave;
  constexpr std::uint32_t kExtended = bits(0, 5);              // leaf 0x80000001, ECX: LAHF/SAHF, LZCNT
  constexpr std::uint32_t kAvx2 = bits(3, 5, 8);               // leaf 7, EBX: BMI1, AVX2, BMI2
  constexpr std::uint32_t kAvx512 = bits(16, 17, 28, 30, 31);  // leaf 7, EBX: AVX512 F, DQ, CD, BW, VL
  constexpr std::uint64_t kYmm = bits(1, 2);                   // XCR0: xmm, ymm
  constexpr std::uint64_t kZmm = bits(5, 6, 7);                // XCR0: masks, upper halves of zmm, zmm16 and up

  std::vector<std::string> isas = {"baseline"};
  const Registers leaf1 = cpuid(1), leaf7 = cpuid(7), extended = cpuid(0x80000001U);
  if (!has(leaf1.c, kLeaf1) || !has(extended.c, kExtended) || !has(leaf7.b, kAvx2)) return isas;
  const std::uint64_t saved = saved_registers();
  if (!has(saved, kYmm)) return isas;
  isas.emplace_back("avx2");
  if (has(leaf7.b, kAvx512) && has(saved, kZmm)) isas.emplace_back("avx512");
  return isas;
}

#elif defined(__ARM_NEON) || defined(_M_ARM64)

std::vector<std::string> supported_isas() { return {"baseline", "neon"}; }

#else

std::vector<std::string> supported_isas() { return {"baseline"}; }

#endif

PyObject* supported_isas_list(PyObject*, PyObject*) {
  PyObject* const list = PyList_New(0);
  if (list == nullptr) return nullptr;
  for (const std::string& isa : supported_isas()) {
    PyObject* const name = PyUnicode_FromString(isa.c_str());
    const bool added = name != nullptr && PyList_Append(list, name) == 0;
    Py_XDECREF(name);
    if (added) continue;
    Py_DECREF(list);
    return nullptr;
  }
  return list;
}

int refuse_sub_interpreter(PyObject*) {
  if (PyInterpreterState_Get() == PyInterpreterState_Main()) return 0;
  PyErr_SetString(
      PyExc_ImportError,
      "rnnlib_py works in the main interpreter only, and this is a sub-interpreter: use threads or processes "
      "instead (mod_wsgi: set WSGIApplicationGroup %{GLOBAL})");
  return -1;
}

PyMethodDef methods[] = {
    {"supported_isas", &supported_isas_list, METH_NOARGS,
     "supported_isas() -> list[str]\n\nNames of the engine's builds that this processor can run, the best last."},
    {nullptr, nullptr, 0, nullptr},
};

PyModuleDef_Slot slots[] = {
    {Py_mod_exec, reinterpret_cast<void*>(&refuse_sub_interpreter)},
#if PY_VERSION_HEX >= 0x030C0000
    // Python 3.12 and newer would refuse by itself, in words that help less.
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
    {0, nullptr},
};

PyModuleDef module = {
    PyModuleDef_HEAD_INIT,
    "_cpu",
    "What the processor can run. Private: use rnnlib_py.build_info().",
    0,
    methods,
    slots,
    nullptr,
    nullptr,
    nullptr,
};

}  // namespace

PyMODINIT_FUNC PyInit__cpu() { return PyModuleDef_Init(&module); }
