// SPDX-License-Identifier: Apache-2.0
// A layer's factories for both precisions, from the class templates of its parts.
#pragma once

#include <type_traits>

#include "layers/layer.h"

namespace rnnlib {

// For a layer without weights of its own order, or one that does not stream.
template <class Real>
struct NoWeights;
template <class Real>
struct NoStream;

// Whether networks of a precision can be made: make_engine() refuses the others.
#ifdef RNNLIB_FLOAT_ONLY
template <class Real>
inline constexpr bool kIsBuilt = std::is_same_v<Real, float>;
#else
template <class Real>
inline constexpr bool kIsBuilt = true;
#endif

// `Derived` inherits it. Its parts are made from a `const Derived&`; Weights<Real> also gives its elements(const
// Derived&).
template <class Derived, template <class> class State, template <class> class Stream = NoStream,
          template <class> class Weights = NoWeights>
class LayerOf : public Layer {
 public:
  std::unique_ptr<LayerState<float>> make_state(float) const override { return state<float>(); }
  std::unique_ptr<LayerState<double>> make_state(double) const override { return state<double>(); }
  std::unique_ptr<LayerStream<float>> make_stream(float) const override { return stream<float>(); }
  std::unique_ptr<LayerStream<double>> make_stream(double) const override { return stream<double>(); }
  std::unique_ptr<LayerWeights<float>> make_weights(float) const override { return weights<float>(); }
  std::unique_ptr<LayerWeights<double>> make_weights(double) const override { return weights<double>(); }
  Index weight_elements(float) const override { return elements<float>(); }
  Index weight_elements(double) const override { return elements<double>(); }

 private:
  friend Derived;
  explicit LayerOf(const LayerOutput& below) : Layer(below) {}

  const Derived& self() const { return static_cast<const Derived&>(*this); }

  template <class Real>
  std::unique_ptr<LayerState<Real>> state() const {
    if constexpr (kIsBuilt<Real>) {
      return std::make_unique<State<Real>>(self());
    } else {
      return nullptr;
    }
  }

  template <class Real>
  std::unique_ptr<LayerStream<Real>> stream() const {
    if constexpr (!kIsBuilt<Real> || std::is_same_v<Stream<Real>, NoStream<Real>>) {
      return nullptr;
    } else {
      return std::make_unique<Stream<Real>>(self());
    }
  }

  template <class Real>
  std::unique_ptr<LayerWeights<Real>> weights() const {
    if constexpr (!kIsBuilt<Real> || std::is_same_v<Weights<Real>, NoWeights<Real>>) {
      return nullptr;
    } else {
      return std::make_unique<Weights<Real>>(self());
    }
  }

  template <class Real>
  Index elements() const {
    if constexpr (!kIsBuilt<Real> || std::is_same_v<Weights<Real>, NoWeights<Real>>) {
      return 0;
    } else {
      return Weights<Real>::elements(self());
    }
  }
};

}  // namespace rnnlib
