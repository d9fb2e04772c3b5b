// SPDX-License-Identifier: Apache-2.0
// Networks, data and options for the tests of what a trainer does: perturbations, dropout, updates.
#pragma once

#include <algorithm>
#include <functional>
#include <vector>

#include "engine_fixture.h"
#include "rnnlib/trainer.h"

namespace rnnlib::testing_noise {

using namespace testing_engine;

inline TrainerOptions gradient_steps() {
  TrainerOptions options;
  options.optimiser.learn_rate = 1;
  options.optimiser.momentum = 0;
  return options;
}

// One output, one hidden unit that is the identity: output = bias + w * (b + v * input).
inline NetworkSpec linear_spec() {
  return make_spec({{"task", "regression"},
                    {"hiddenSize", "1"},
                    {"hiddenType", "identity"},
                    {"bidirectional", "false"},
                    {"recurrent", "false"}},
                   {1, 1, 0, 1});
}

// `count` sequences of one point, input 1, with a given target.
class OnePoints {
 public:
  OnePoints(Index count, float target) : target_(target) {
    Sequence sequence;
    sequence.set_inputs(&input_, {1}, 1);
    sequence.set_target_patterns(&target_, 1, 1);
    sequences_.assign(static_cast<std::size_t>(count), sequence);
  }
  OnePoints(const OnePoints&) = delete;
  OnePoints& operator=(const OnePoints&) = delete;
  const std::vector<Sequence>& all() const { return sequences_; }

 private:
  float input_ = 1;
  float target_;
  std::vector<Sequence> sequences_;
};

// Weights in alphabetical order of their connections: bias to hidden, bias to output, hidden to output, input to
// hidden.
inline Network linear_network() { return with_weights(linear_spec(), Precision::kDouble, {0.2, -0.5, 0.8, 1.5}); }
inline constexpr double kOutput = -0.5 + 0.8 * (0.2 + 1.5);

inline TrainerOptions noisy_options() {
  TrainerOptions options;
  options.optimiser.learn_rate = 0.01;
  options.input_noise_dev = 0.2;
  options.weight_distortion = 0.05;
  options.dropout = 0.3;
  options.l2 = 0.1;
  options.warmup_updates = 5;
  options.max_gradient_norm = 2;
  options.mdl = MdlOptions();
  options.mdl->samples = 3;
  options.mdl->symmetric_sampling = true;
  options.mdl->optimiser.learn_rate = 1e-3;
  return options;
}

inline NetworkSpec two_levels() {
  return make_spec({{"task", "transcription"}, {"hiddenSize", "3,4"}, {"subsampleSize", "5"}, {"symmetry", "true"}},
                   {1});
}

inline std::vector<Shape> many_shapes() { return {{4}, {2}, {6}, {1}, {5}, {3}, {40}, {7}, {8}, {9}, {4}, {30}}; }

inline void each_kind(const std::function<void(const TrainerOptions&)>& test) {
  for (OptimiserType type :
       {OptimiserType::kSteepest, OptimiserType::kRprop, OptimiserType::kRmsprop, OptimiserType::kAdam}) {
    for (bool mdl : {false, true}) {
      for (Index group : {0, 1, 5}) {  // 0: batch
        TrainerOptions options = noisy_options();
        options.optimiser.type = type;
        if (!mdl) options.mdl.reset();
        if (mdl) options.mdl->optimiser.type = type;
        options.batch_learn = group == 0;
        options.seqs_per_update = std::max<Index>(group, 1);
        test(options);
      }
    }
  }
}

}  // namespace rnnlib::testing_noise
