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

// Where a point lies in the grid: the first of four nodes, and their weights.
struct Place {
  Index node;
  float weights[4];
};

Place place_of(double position) {
  const Index node = static_cast<Index>(position);
  const double t = position - static_cast<double>(node);
  const double u = 1 - t;
  return {node,
          {static_cast<float>(u * u * u / 6), static_cast<float>(2.0 / 3 - t * t * (2 - t) / 2),
           static_cast<float>(2.0 / 3 - u * u * (2 - u) / 2), static_cast<float>(t * t * t / 6)}};
}

}  // namespace

void ElasticField::draw(std::uint64_t seed, double std_dev, Index width, Index height) {
  height_ = height;
  spacing_ = std::max(kLeastSpacing, kSpacing * static_cast<double>(height));
  const auto nodes_for = [&](Index points) {
    return static_cast<Index>(static_cast<double>(points - 1) / spacing_) + 4;
  };
  column_nodes_ = nodes_for(height);
  nodes_.resize(static_cast<std::size_t>(nodes_for(width) * column_nodes_ * 2));
  const double most = std_dev * kSqrt3 / kSmoothing;
  Random random(seed);
  for (float& node : nodes_) node = static_cast<float>(most * (2 * random.uniform() - 1));
  splines_.assign(static_cast<std::size_t>(column_nodes_ * height), 0);
  for (Index y = 0; y < height; ++y) {
    const Place place = place_of(static_cast<double>(y) / spacing_);
    for (Index k = 0; k < 4; ++k) splines_[static_cast<std::size_t>((place.node + k) * height + y)] = place.weights[k];
  }
  along_.resize(static_cast<std::size_t>(column_nodes_ * 2));
  dx_.resize(static_cast<std::size_t>(height));
  dy_.resize(static_cast<std::size_t>(height));
}

// The splines of all nodes, most of which are 0 at a point: without gaps the sums are vector instructions.
void ElasticField::column(Index x) {
  const Place at = place_of(static_cast<double>(x) / spacing_);
  const std::size_t size = along_.size();
  const float* nodes = nodes_.data() + static_cast<std::size_t>(at.node) * size;
  for (std::size_t i = 0; i < size; ++i) {
    along_[i] = at.weights[0] * nodes[i] + at.weights[1] * nodes[size + i] + at.weights[2] * nodes[2 * size + i] +
                at.weights[3] * nodes[3 * size + i];
  }
  std::fill(dx_.begin(), dx_.end(), 0.0F);
  std::fill(dy_.begin(), dy_.end(), 0.0F);
  float* dx = dx_.data();
  float* dy = dy_.data();
  for (Index node = 0; node < column_nodes_; ++node) {
    const float* spline = splines_.data() + node * height_;
    const float along_x = along_[static_cast<std::size_t>(node)];
    const float along_y = along_[static_cast<std::size_t>(column_nodes_ + node)];
    for (Index y = 0; y < height_; ++y) {
      dx[y] += along_x * spline[y];
      dy[y] += along_y * spline[y];
    }
  }
}

}  // namespace rnnlib
