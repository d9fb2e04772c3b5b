// SPDX-License-Identifier: Apache-2.0
// Connectionist temporal classification (Graves et al. 2006): softmax over the labels and a last unit, the blank.
#pragma once

#include "loss/loss.h"

namespace rnnlib {

template <class Real>
class Ctc final : public Loss<Real> {
 public:
  using Loss<Real>::Loss;
  void evaluate(const OutputView<Real>& view, const Sequence& sequence, LossWorkspace& workspace,
                SequenceErrors& errors) const override;
  std::vector<TraceVariable> trace(const OutputView<Real>& view, const Sequence& sequence,
                                   LossWorkspace& workspace) const override;

 protected:
  Index own_bytes(Index points, Index size, Index target_length) const override;
};

}  // namespace rnnlib
