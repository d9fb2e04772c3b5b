// SPDX-License-Identifier: Apache-2.0
#include "train/augment/signal_map.h"

#include <algorithm>
#include <cmath>

#include "rnnlib/random.h"

namespace rnnlib {

namespace {

constexpr std::size_t kStretches = 8;

// Where the stretches begin and end in the new signal: from 0 to 1.
std::vector<double> draw_ends(double strength, std::uint64_t seed) {
  std::vector<double> ends{0};
  Random random(seed);
  const double most = std::log1p(strength);
  for (std::size_t i = 0; i < kStretches; ++i) ends.push_back(ends.back() + std::exp(random.uniform(-most, most)));
  for (double& end : ends) end /= ends.back();  // the last one comes last
  return ends;
}

}  // namespace

std::vector<double> draw_signal_map(const AugmentationOptions& options, const Draws& draws, Index length,
                                    FunctionRef<bool(Index length)> fits) {
  const double factor = draws.factor(DrawnFor::kSpeed, options.speed);
  Index new_length = std::max<Index>(1, std::llround(static_cast<double>(length) * factor));
  if (new_length < length && !fits(new_length)) new_length = length;
  const std::vector<double> ends = draw_ends(options.time_warp, draws.seed(DrawnFor::kTimeWarp));
  const double last = static_cast<double>(length - 1);
  std::vector<double> places;
  std::size_t stretch = 0;
  for (Index i = 0; i < new_length; ++i) {
    const double at = new_length == 1 ? 0 : static_cast<double>(i) / static_cast<double>(new_length - 1);
    while (stretch + 1 < kStretches && at > ends[stretch + 1]) ++stretch;
    const double within = (at - ends[stretch]) / (ends[stretch + 1] - ends[stretch]);
    const double place = (static_cast<double>(stretch) + within) / static_cast<double>(kStretches);
    places.push_back(last * std::clamp(place, 0.0, 1.0));
  }
  return places;
}

void resample_signal(const std::vector<double>& places, const float* from, Index points, Index size, float* to) {
  for (double place : places) {
    const Index first = static_cast<Index>(place);
    const float share = static_cast<float>(place - static_cast<double>(first));
    const float* a = from + first * size;
    const float* b = from + std::min(first + 1, points - 1) * size;
    for (Index i = 0; i < size; ++i) *to++ = a[i] + share * (b[i] - a[i]);
  }
}

}  // namespace rnnlib
