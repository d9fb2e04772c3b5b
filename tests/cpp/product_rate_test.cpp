// SPDX-License-Identifier: Apache-2.0
// The measured rate of matrix products: plausible, and errors.
#include <gtest/gtest.h>

#include "expect_error.h"
#include "rnnlib/benchmark.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

TEST(ProductRate, IsThatOfAComputer) {
  for (const Precision precision : {Precision::kFloat, Precision::kDouble}) {
    const double rate = product_rate(64, precision, 0);
    EXPECT_GT(rate, 1e6);  // multiply-adds per second, even under sanitizers
    EXPECT_LT(rate, 1e13);
  }
}

TEST(ProductRate, RefusesAnEmptyProduct) {
  expect_error<ConfigError>([] { product_rate(0, Precision::kFloat, 0); }, {"at least 1"});
}

}  // namespace
}  // namespace rnnlib
