// SPDX-License-Identifier: Apache-2.0
// Joins the rows of each column (docs/behaviour.md, "Layers"): under a level of fewer dimensions than what lies below
// it. A column is all points that differ in the last dimensions only, those that are joined; they lie together.
#pragma once

#include "layers/layer_of.h"

namespace rnnlib {

class JoinLayer;

template <class Real>
class JoinState final : public LayerState<Real> {
 public:
  explicit JoinState(const JoinLayer& layer);
  void size_buffers(const Pass<Real>& pass, BufferSizer& size) override;
  bool passes_through(const Pass<Real>& pass) const override;
  void forward(const Pass<Real>& pass, const LayerWeights<Real>* weights, const Real* input, Real* output) override;
  void backward(const Pass<Real>& pass, const LayerWeights<Real>* weights, const LayerRows<Real>& rows,
                Real* d_weights) override;
  void trace(const LayerRows<Real>& rows, std::vector<TraceVariable>& variables) const override;

 private:
  template <class Use>
  void for_each_point(const Use& use) const;

  const JoinLayer& join_;
  Buffer<std::int32_t>
      winners_;  // [columns, units] which point of the column has the maximum; max, unless for prediction
};

class JoinLayer final : public LayerOf<JoinLayer, JoinState> {
 public:
  static bool is_wanted(const LayerContext& context) {
    return context.below.num_dims > context.spec.level_dims(context.level);
  }
  explicit JoinLayer(const LayerContext& context);

  Shape output_shape(const Shape& input) const override { return first_dims(input); }
  Shape output_step(const Shape& below) const override { return first_dims(below); }
  bool limits_input() const override { return how == JoinRows::kConcat; }
  void check_input(const Shape& shape) const override;

  const JoinRows how;

 private:
  Shape first_dims(const Shape& shape) const { return {shape.begin(), shape.begin() + output_.num_dims}; }

  Index height_;  // points of a column; concat only
};

}  // namespace rnnlib
