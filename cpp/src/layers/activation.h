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

// NaN stays NaN.
struct Relu {
  template <class Real>
  static RNNLIB_INLINE Real value(Real x) {
    return x < Real(0) ? Real(0) : x;
  }
  template <class Real>
  static RNNLIB_INLINE Real derivative(Real y) {
    return y > Real(0) ? Real(1) : Real(0);
  }
};

struct LeakyRelu {
  template <class Real>
  static RNNLIB_INLINE Real value(Real x) {
    return x < Real(0) ? Real(0.01) * x : x;
  }
  template <class Real>
  static RNNLIB_INLINE Real derivative(Real y) {
    return y > Real(0) ? Real(1) : Real(0.01);
  }
};

}  // namespace rnnlib
