// SPDX-License-Identifier: Apache-2.0
// Errors of a data set: every sequence adds a value and a norm; the figure is sum of values / sum of norms (spec
// section 5).
#pragma once

#include <string>
#include <vector>

#include "rnnlib/export.h"
#include "rnnlib/types.h"

namespace rnnlib {

struct NamedError {
  std::string name;
  double value = 0;
  double norm = 0;
  double figure() const { return norm == 0 ? 0 : value / norm; }
};

class RNNLIB_API Metrics {
 public:
  void add(const std::string& name, double value, double norm);
  void add(const Metrics& other);
  const std::vector<NamedError>& errors() const { return errors_; }  // the training criterion first
  const NamedError* find(const std::string& name) const;
  Index num_sequences = 0;

 private:
  std::vector<NamedError> errors_;
};

// True for names whose figures print as per cent (spec section 5).
RNNLIB_API bool prints_as_percent(const std::string& error_name);

}  // namespace rnnlib
