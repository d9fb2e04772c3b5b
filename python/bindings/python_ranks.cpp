// SPDX-License-Identifier: Apache-2.0
#include "python_ranks.h"

#include "python_objects.h"

namespace rnnlib::python {
namespace {

py::memoryview writable(void* bytes, std::size_t count) {
  return py::memoryview::from_memory(bytes, static_cast<py::ssize_t>(count));
}

}  // namespace

PythonRanks::PythonRanks(const py::object& ranks)
    : ranks_(with_gil_at_end(new py::object(ranks))),
      rank_(ranks.attr("rank").cast<int>()),
      size_(ranks.attr("size").cast<int>()) {
  if (size_ < 1 || rank_ < 0 || rank_ >= size_) {
    throw ConfigError("rank " + std::to_string(rank_) + " of " + std::to_string(size_) + ": there is no such rank");
  }
}

std::vector<std::string> PythonRanks::exchange(const std::string& own) {
  const GilTaken taken;
  const auto all = call_method(*ranks_, "exchange_bytes", py::bytes(own)).cast<std::vector<py::bytes>>();
  if (all.size() != static_cast<std::size_t>(size_)) {
    throw DataError("exchange_bytes() gave " + std::to_string(all.size()) + " messages, expected one of each of " +
                    std::to_string(size_) + " ranks");
  }
  return {all.begin(), all.end()};
}

void PythonRanks::receive(void* bytes, std::size_t count) {
  const GilTaken taken;
  call_method(*ranks_, "receive", writable(bytes, count));
}

void PythonRanks::send(const void* bytes, std::size_t count) {
  const GilTaken taken;
  call_method(*ranks_, "send", py::memoryview::from_memory(bytes, static_cast<py::ssize_t>(count)));
}

void PythonRanks::broadcast(void* bytes, std::size_t count, int root) {
  const GilTaken taken;
  call_method(*ranks_, "broadcast", writable(bytes, count), py::int_(root));
}

}  // namespace rnnlib::python
