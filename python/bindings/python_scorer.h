// SPDX-License-Identifier: Apache-2.0
// A scorer that is written in Python.
#pragma once

#include <memory>
#include <vector>

#include "bindings.h"

namespace rnnlib::python {

// Calls the methods of a Python object: start() -> state, extend(state, label) -> (score, state), finish(state) ->
// score. States are whatever Python can hash; equal ones are one. Threads without the GIL may use it: it is taken for
// each call. Throws what the object raises; DataError where a score is no number.
class PythonScorer final : public Scorer {
 public:
  PythonScorer(py::object scorer, const std::vector<Text>& labels);
  ~PythonScorer() override;

  std::unique_ptr<ScorerRun> begin() const override;

  // Python's objects.
  struct Objects {
    py::object scorer;
    std::vector<py::object> labels;  // names
  };

 private:
  std::shared_ptr<Objects> objects_;
};

}  // namespace rnnlib::python
