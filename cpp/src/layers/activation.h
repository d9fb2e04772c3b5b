// SPDX-License-Identifier: Apache-2.0
// Activation functions and their derivatives from the output (docs/behaviour.md, "Units").
#pragma once

#include <cmath>

#include "rnnlib/error.h"
#include "rnnlib/spec.h"
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

// Calls use(F{}) with the activation function of a layer that is not an LSTM.
template <class Use>
void with_activation(HiddenType type, const Use& use) {
  switch (type) {
    case HiddenType::kTanh:
      return use(Tanh{});
    case HiddenType::kLogistic:
      return use(Logistic{});
    case HiddenType::kSoftsign:
      return use(Softsign{});
    case HiddenType::kIdentity:
      return use(Identity{});
    default:
      throw ConfigError("an LSTM is not a pointwise activation function");
  }
}

}  // namespace rnnlib
