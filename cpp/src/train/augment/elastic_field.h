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
  const double* dx() const { return dx_.data(); }  // [height]
  const double* dy() const { return dy_.data(); }  // [height]

 private:
  // Where a point lies in the grid: the first of four nodes, and their weights.
  struct Place {
    Index node;
    double weights[4];
  };
  static Place place_of(double position);

  double spacing_ = 1;         // of the nodes, in points
  Index column_nodes_ = 0;     // of a column of nodes
  std::vector<double> nodes_;  // [columns of nodes, column_nodes_, 2]
  std::vector<Place> places_;  // [height]
  std::vector<double> along_;  // [column_nodes_, 2]
  std::vector<double> dx_;
  std::vector<double> dy_;
};

}  // namespace rnnlib
