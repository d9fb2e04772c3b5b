// SPDX-License-Identifier: Apache-2.0
// The most probable path of a labelling (Viterbi), for the positions of what a beam search has read.
#pragma once

#include <cstdint>
#include <vector>

#include "rnnlib/types.h"

namespace rnnlib {

class BestAlignment {
 public:
  // Where a label lies, and the highest probability that it has there.
  struct Place {
    Index first = 0;
    Index last = 0;
    double confidence = 0;
  };

  // The places [labels] in outputs [points, units]. A labelling that no path has, for lack of points or because all of
  // them have the probability 0, is spread over the points.
  const std::vector<Place>& align(const std::vector<Index>& labels, const double* outputs, Index points, Index units);

 private:
  // A path is at a blank after i labels (state 2 i) or at label i, counted from 1 (state 2 i - 1).
  enum Move : std::uint8_t { kStay, kNext, kSkipBlank };

  void forward(const std::vector<Index>& labels, const double* outputs, Index points, Index units);
  void trace_back(const std::vector<Index>& labels, const double* outputs, Index points, Index units);
  void spread(const std::vector<Index>& labels, const double* outputs, Index points, Index units);

  std::vector<double> best_;  // [states] of the point at hand, scaled
  std::vector<Move> moves_;   // [points, states] how the best path came there
  std::vector<Place> places_;
};

}  // namespace rnnlib
