// SPDX-License-Identifier: Apache-2.0
// The processes that train a network together, whose messages Python carries.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bindings.h"

namespace rnnlib::python {

// Calls the methods of a Python object (RankGroup in _core.pyi), which see the numbers themselves, as a memoryview of
// bytes. Threads without the GIL may use it: it is taken for each call. Throws what the object raises.
class PythonRanks final : public RankGroup {
 public:
  explicit PythonRanks(const py::object& ranks);

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  std::vector<std::string> exchange(const std::string& own) override;
  void receive(void* bytes, std::size_t count) override;
  void send(const void* bytes, std::size_t count) override;
  void broadcast(void* bytes, std::size_t count, int root) override;

 private:
  std::shared_ptr<py::object> ranks_;
  int rank_;
  int size_;
};

}  // namespace rnnlib::python
