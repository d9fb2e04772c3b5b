// SPDX-License-Identifier: Apache-2.0
// The trainer as Python holds it.
#pragma once

#include "bindings.h"
#include "one_thread.h"

namespace rnnlib::python {

class PyTrainer : public Trainer {
 public:
  using Trainer::Trainer;
  mutable OneThread user;
};

}  // namespace rnnlib::python
