// SPDX-License-Identifier: Apache-2.0
// Smooth random displacements, as of Simard, Steinkraus and Platt 2003 ("Best practices for convolutional neural
// networks applied to visual document analysis", section 2). They smooth uniform noise by a Gaussian whose standard
// deviation is a seventh of the height; here cubic B-splines between the nodes of a grid do, which is much faster.
#pragma once

#include <cstdint>
#include <vector>

#include "rnnlib/types.h"

namespace rnnlib {

class ElasticField {
 public:
  // Of a picture; displacements have this standard deviation in either direction, in points.
  void draw(std::uint64_t seed, double std_dev, Index width, Index height);

  // Displacements of the points of a column.
  void column(Index x);
  const float* dx() const { return dx_.data(); }  // [height]
  const float* dy() const { return dy_.data(); }  // [height]

 private:
  double spacing_ = 1;  // of the nodes, in points
  Index height_ = 0;
  Index column_nodes_ = 0;      // of a column of nodes
  std::vector<float> nodes_;    // [columns of nodes, 2, column_nodes_]
  std::vector<float> splines_;  // [column_nodes_, height]: each node's weight in each row
  std::vector<float> along_;    // [2, column_nodes_]
  std::vector<float> dx_;
  std::vector<float> dy_;
};

}  // namespace rnnlib
