// SPDX-License-Identifier: Apache-2.0
// Python's objects that the engine holds and calls, on any thread.
#pragma once

#include <memory>

#include "bindings.h"
#include "gil.h"

namespace rnnlib::python {

// A value that lives and dies with the GIL, whoever holds it.
template <class Value>
std::shared_ptr<Value> with_gil_at_end(Value* value) {
  return std::shared_ptr<Value>(value, [](Value* given) {
    if (interpreter_is_ending()) return;  // nobody needs the memory
    const GilTaken taken;
    delete given;
  });
}

// What object.method(arguments...) returns. To be called with the GIL.
template <class... Arguments>
py::object call_method(const py::object& object, const char* method, const Arguments&... arguments) {
  const py::object bound = object.attr(method);
  PyObject* const answer =
      call_python([&] { return PyObject_CallFunctionObjArgs(bound.ptr(), arguments.ptr()..., nullptr); });
  if (answer == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(answer);
}

}  // namespace rnnlib::python
