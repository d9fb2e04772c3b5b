// SPDX-License-Identifier: Apache-2.0
// A run of prefix beam search (rnnlib/beam.h): the search, and what it has given out already.
#pragma once

#include <memory>
#include <vector>

#include "decode/beam/beam_search.h"
#include "decode/beam/best_alignment.h"
#include "decode/beam/labelling_sum.h"
#include "decode/beam/output_window.h"

namespace rnnlib {

// Labels that all labellings of the beam share are settled: they become the root of the tree and are given out. The
// last one of them is open: it may still go on. Where it ends is told when the next one is settled.
class BeamRun final : public DecoderRun {
 public:
  // `scorer` may be null.
  BeamRun(const BeamOptions& options, Index units, std::shared_ptr<const Scorer> scorer);

  void begin() override;
  void step(const double* outputs, Index points, Prediction& prediction) override;
  void finish(Prediction& prediction) override;

 private:
  using Labels = std::vector<Index>;

  // One of the labellings of the beam when the sequence ends.
  struct Ending {
    BeamSearch::Node node;
    double rank;    // by which it is compared with others
    double finish;  // what the scorer adds for the end
    Labels labels;  // that are not settled
    double log_probability;
  };

  void settle(Prediction& prediction);
  void give_out(const Labels& labels, Prediction& prediction);
  void forget_points(Prediction& prediction);
  void append_labels(BeamSearch::Node node, Labels& labels) const;
  std::vector<Ending> best_endings();
  void find_probabilities(std::vector<Ending>& endings);
  Reading make_reading(const Ending& ending, const Prediction& given);

  // Aligns labels that follow those that are settled, and says where the open label ends, if it is still in `found`,
  // which is a prediction or a reading.
  template <class Found>
  void align(const Labels& labels, Found& found);
  // Appends the first `count` of the labels that were aligned.
  template <class Found>
  void append_aligned(const Labels& labels, std::size_t count, Found& found) const;

  BeamOptions options_;
  std::shared_ptr<const Scorer> scorer_;
  BeamSearch search_;
  OutputWindow window_;
  BestAlignment alignment_;
  LabellingSum sum_;
  Labels open_;                               // the open label; empty when there is none
  Index open_last_ = 0;                       // where it ends, as of the last alignment
  Index begin_ = 0;                           // the point at which it begins, or the last label that was open began
  Index num_given_ = 0;                       // labels
  std::vector<BestAlignment::Place> places_;  // of labels that were aligned, in points of the sequence
  Labels labels_;                             // kept for their memory, as the next one
  Labels with_open_;
};

}  // namespace rnnlib
