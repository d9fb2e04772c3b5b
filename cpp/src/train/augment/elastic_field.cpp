// SPDX-License-Identifier: Apache-2.0
#include "train/augment/elastic_field.h"

#include <algorithm>
#include <cmath>

#include "rnnlib/random.h"

namespace rnnlib {

namespace {

constexpr double kSpacing = 0.25;      // of the height: B-splines over it are as wide as Simard's Gaussian
constexpr double kLeastSpacing = 2;    // points
constexpr double kSmoothing = 0.4794;  // standard deviation of what two B-splines (151/315 of a variance each) leave
constexpr double kSqrt3 = 1.7320508075688772;

}  // namespace

ElasticField::Place ElasticField::place_of(double position) {
  Place place{static_cast<Index>(position), {}};
  const double t = position - static_cast<double>(place.node);
  const double u = 1 - t;
  place.weights[0] = u * u * u / 6;
  place.weights[1] = 2.0 / 3 - t * t * (2 - t) / 2;
  place.weights[2] = 2.0 / 3 - u * u * (2 - u) / 2;
  place.weights[3] = t * t * t / 6;
  return place;
}

void ElasticField::draw(std::uint64_t seed, double std_dev, Index width, Index height) {
  spacing_ = std::max(kLeastSpacing, kSpacing * static_cast<double>(height));
  const auto nodes_for = [&](Index points) {
    return static_cast<Index>(static_cast<double>(points - 1) / spacing_) + 4;
  };
  column_nodes_ = nodes_for(height);
  nodes_.resize(static_cast<std::size_t>(nodes_for(width) * column_nodes_ * 2));
  const double most = std_dev * kSqrt3 / kSmoothing;
  Random random(seed);
  for (double& node : nodes_) node = most * (2 * random.uniform() - 1);
  places_.clear();
  for (Index y = 0; y < height; ++y) places_.push_back(place_of(static_cast<double>(y) / spacing_));
  along_.resize(static_cast<std::size_t>(column_nodes_ * 2));
  dx_.resize(static_cast<std::size_t>(height));
  dy_.resize(static_cast<std::size_t>(height));
}

void ElasticField::column(Index x) {
  const Place at = place_of(static_cast<double>(x) / spacing_);
  const std::size_t size = along_.size();
  const double* nodes = nodes_.data() + static_cast<std::size_t>(at.node) * size;
  for (std::size_t i = 0; i < size; ++i) {
    along_[i] = at.weights[0] * nodes[i] + at.weights[1] * nodes[size + i] + at.weights[2] * nodes[2 * size + i] +
                at.weights[3] * nodes[3 * size + i];
  }
  for (std::size_t y = 0; y < places_.size(); ++y) {
    const double* node = along_.data() + 2 * places_[y].node;
    const double* w = places_[y].weights;
    dx_[y] = w[0] * node[0] + w[1] * node[2] + w[2] * node[4] + w[3] * node[6];
    dy_[y] = w[0] * node[1] + w[1] * node[3] + w[2] * node[5] + w[3] * node[7];
  }
}

}  // namespace rnnlib
