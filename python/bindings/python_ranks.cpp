// SPDX-License-Identifier: Apache-2.0
#include "python_ranks.h"

#include "gil.h"

namespace rnnlib::python {
namespace {

py::memoryview writable(void* bytes, std::size_t count) {
  return py::memoryview::from_memory(bytes, static_cast<py::ssize_t>(count));
}

template <class... Arguments>
py::object call(const py::object& ranks, const char* method, const Arguments&... arguments) {
  const py::object bound = ranks.attr(method);
  PyObject* const answer =
      call_python([&] { return PyObject_CallFunctionObjArgs(bound.ptr(), arguments.ptr()..., nullptr); });
  if (answer == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(answer);
}

}  // namespace

// The object lives and dies with the GIL.
PythonRanks::PythonRanks(const py::object& ranks)
    : ranks_(new py::object(ranks),
             [](py::object* given) {
               if (interpreter_is_ending()) return;  // nobody needs the memory
               const GilTaken taken;
               delete given;
             }),
      rank_(ranks.attr("rank").cast<int>()),
      size_(ranks.attr("size").cast<int>()) {
  if (size_ < 1 || rank_ < 0 || rank_ >= size_) {
    throw ConfigError("rank " + std::to_string(rank_) + " of " + std::to_string(size_) + ": there is no such rank");
  }
}

std::vector<std::string> PythonRanks::exchange(const std::string& own) {
  const GilTaken taken;
  const auto all = call(*ranks_, "exchange_bytes", py::bytes(own)).cast<std::vector<py::bytes>>();
  if (all.size() != static_cast<std::size_t>(size_)) {
    throw DataError("exchange_bytes() gave " + std::to_string(all.size()) + " messages, expected one of each of " +
                    std::to_string(size_) + " ranks");
  }
  return {all.begin(), all.end()};
}

void PythonRanks::receive(void* bytes, std::size_t count) {
  const GilTaken taken;
  call(*ranks_, "receive", writable(bytes, count));
}

void PythonRanks::send(const void* bytes, std::size_t count) {
  const GilTaken taken;
  call(*ranks_, "send", py::memoryview::from_memory(bytes, static_cast<py::ssize_t>(count)));
}

void PythonRanks::broadcast(void* bytes, std::size_t count, int root) {
  const GilTaken taken;
  call(*ranks_, "broadcast", writable(bytes, count), py::int_(root));
}

}  // namespace rnnlib::python
