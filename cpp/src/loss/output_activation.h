// SPDX-License-Identifier: Apache-2.0
// Activations of the output layer, point by point.
#pragma once

#include <algorithm>

#include "loss/output_view.h"
#include "loss/softmax.h"
#include "rnnlib/task.h"

namespace rnnlib {

// output = activation(net)
template <class Real>
void activate(Activation activation, const OutputView<Real>& view) {
  if (activation == Activation::kIdentity) {
    std::copy(view.net, view.net + view.points * view.size, view.output);
  } else if (view.size == 1) {
    for (Index t = 0; t < view.points; ++t) view.output[t] = vmath::logistic(view.net[t]);
  } else {
    for (Index t = 0; t < view.points; ++t) softmax(view.net + t * view.size, view.size, view.output + t * view.size);
  }
}

// d_net = d_output through the activation's derivative, after activate()
template <class Real>
void activate_backward(Activation activation, const OutputView<Real>& view) {
  if (activation == Activation::kIdentity) {
    std::copy(view.d_output, view.d_output + view.points * view.size, view.d_net);
    return;
  }
  for (Index t = 0; t < view.points; ++t) {
    const Index at = t * view.size;
    if (view.size == 1) {
      view.d_net[t] = view.d_output[t] * view.output[t] * vmath::logistic(-view.net[t]);
    } else {
      softmax_backward(view.output + at, view.d_output + at, view.size, view.d_net + at);
    }
  }
}

}  // namespace rnnlib
