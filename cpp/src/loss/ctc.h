// SPDX-License-Identifier: Apache-2.0
// Connectionist temporal classification (Graves et al. 2006): softmax over the labels and a last unit, the blank.
#pragma once

#include "loss/loss.h"

namespace rnnlib {

template <class Real>
class Ctc final : public Loss<Real> {
 public:
  Ctc(const NetworkSpec& spec, const LossOptions& options);
  void check_target(const Sequence& sequence, const Shape& output_shape) const override;
  void activate(const OutputView<Real>& view) const override;
  void activate_backward(const OutputView<Real>& view) const override;
  void evaluate(const OutputView<Real>& view, const Sequence& sequence, LossWorkspace& workspace,
                SequenceErrors& errors) const override;
  void predict(const OutputView<Real>& view, Prediction& prediction) const override;
  Index bytes(Index points, Index size, Index target_length) const override;
  std::vector<TraceVariable> trace(const OutputView<Real>& view, const Sequence& sequence,
                                   LossWorkspace& workspace) const override;

 private:
  void add_label_errors(const OutputView<Real>& view, const Sequence& sequence, LossWorkspace& workspace,
                        SequenceErrors& errors) const;
  void add_confusions(const Alignment& alignment, double norm, SequenceErrors& errors) const;

  bool confusions_;     // report per label errors
  bool legacy_errors_;  // a target that does not fit adds to no error
  Index num_labels_;
};

}  // namespace rnnlib
