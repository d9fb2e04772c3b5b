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
  // Of the best path that has read so many labels, scaled: whether it ends at the last of them or in a blank.
  struct Best {
    double at_label;
    double at_blank;
  };
  // Where those paths were at the point before. A label was there before, or follows the label or the blank before it;
  // a blank follows the label or a blank.
  enum Move : std::uint8_t { kStay, kFromBlank, kFromLabel };
  struct Moves {
    Move to_label;
    Move to_blank;
  };

  void forward(const std::vector<Index>& labels, const double* outputs, Index points, Index units);
  void trace_back(const std::vector<Index>& labels, const double* outputs, Index points, Index units);
  void spread(const std::vector<Index>& labels, const double* outputs, Index points, Index units);

  std::vector<Best> best_;    // [labels + 1]
  std::vector<Moves> moves_;  // [points, labels + 1]
  std::vector<Place> places_;
};

}  // namespace rnnlib
