// SPDX-License-Identifier: Apache-2.0
// The only includer of Eigen. Eigen's own threads stay off: ours decide.
#pragma once

#define EIGEN_DONT_PARALLELIZE
#define EIGEN_MPL2_ONLY
#include <Eigen/Core>
