// SPDX-License-Identifier: Apache-2.0
// Activation functions and their derivatives from the output (docs/behaviour.md, "Units").
#pragma once

#include <cmath>

#include "tensor/vector_math.h"

namespace rnnlib {

struct Tanh {
  template <class Real>
  static RNNLIB_INLINE Real value(Real x) {
    return vmath::tanh(x);
  }
  template <class Real>
  static RNNLIB_INLINE Real derivative(Real y) {
    return Real(1) - y * y;
  }
};

struct Logistic {
  template <class Real>
  static RNNLIB_INLINE Real value(Real x) {
    return vmath::logistic(x);
  }
  template <class Real>
  static RNNLIB_INLINE Real derivative(Real y) {
    return y * (Real(1) - y);
  }
};

struct Softsign {
  template <class Real>
  static RNNLIB_INLINE Real value(Real x) {
    return vmath::softsign(x);
  }
  template <class Real>
  static RNNLIB_INLINE Real derivative(Real y) {
    const Real a = Real(1) - std::abs(y);
    return a * a;
  }
};

struct Identity {
  template <class Real>
  static RNNLIB_INLINE Real value(Real x) {
    return x;
  }
  template <class Real>
  static RNNLIB_INLINE Real derivative(Real) {
    return Real(1);
  }
};

}  // namespace rnnlib
