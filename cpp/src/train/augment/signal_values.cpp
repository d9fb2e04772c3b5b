// SPDX-License-Identifier: Apache-2.0
#include "train/augment/signal_values.h"

#include <algorithm>
#include <cmath>

#include "rnnlib/random.h"
#include "train/augment/normal_hash.h"

namespace rnnlib {

namespace {

constexpr int kMasks = 2;

// Calls use(first, count) for each mask over [0, length): its length is uniform up to its part of the share.
template <class Use>
void draw_masks(std::uint64_t seed, double share, Index length, const Use& use) {
  Random random(seed);
  const Index most = static_cast<Index>(share * static_cast<double>(length) / kMasks);
  for (int mask = 0; mask < kMasks; ++mask) {
    const Index count = static_cast<Index>(random.below(static_cast<std::uint64_t>(most + 1)));
    use(static_cast<Index>(random.below(static_cast<std::uint64_t>(length - count + 1))), count);
  }
}

}  // namespace

void measure_signal(const float* values, const SignalSize& size, SignalStatistics& statistics) {
  statistics.means.clear();
  statistics.std_devs.clear();
  const double n = static_cast<double>(size.points);
  for (Index input = 0; input < size.inputs; ++input) {
    double sum = 0;
    for (Index i = input; i < size.points * size.inputs; i += size.inputs) sum += static_cast<double>(values[i]);
    double squares = 0;
    for (Index i = input; i < size.points * size.inputs; i += size.inputs) {
      const double distance = static_cast<double>(values[i]) - sum / n;
      squares += distance * distance;
    }
    statistics.means.push_back(static_cast<float>(sum / n));
    statistics.std_devs.push_back(static_cast<float>(std::sqrt(squares / n)));
  }
}

void mask_time(std::uint64_t seed, double share, const SignalSize& size, const SignalStatistics& statistics,
               float* values) {
  draw_masks(seed, share, size.points, [&](Index first, Index count) {
    for (Index point = first; point < first + count; ++point) {
      std::copy(statistics.means.begin(), statistics.means.end(), values + point * size.inputs);
    }
  });
}

void mask_inputs(std::uint64_t seed, double share, const SignalSize& size, const SignalStatistics& statistics,
                 float* values) {
  draw_masks(seed, share, size.inputs, [&](Index first, Index count) {
    for (Index point = 0; point < size.points; ++point) {
      std::copy_n(statistics.means.begin() + first, count, values + point * size.inputs + first);
    }
  });
}

void add_noise(std::uint64_t seed, float std_dev, const SignalSize& size, Index input, float* values) {
  add_normal_noise(seed, std_dev, input, size.inputs, size.points * size.inputs, values);
}

}  // namespace rnnlib
