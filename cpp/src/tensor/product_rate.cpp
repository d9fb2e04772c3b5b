// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "rnnlib/benchmark.h"
#include "rnnlib/error.h"
#include "tensor/buffer.h"
#include "tensor/product.h"

namespace rnnlib {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

template <class Real>
double rate(Index size, double seconds) {
  Buffer<Real> numbers[3];
  for (Buffer<Real>& matrix : numbers) {
    matrix.resize(size * size);
    matrix.fill(Real(1) / 1024);  // sums stay small: no denormal numbers, no infinity
  }
  const auto multiply = [&] {
    add_product<Real>({numbers[0].data(), size, size}, {numbers[1].data(), size, size},
                      {numbers[2].data(), size, size});
  };
  multiply();
  std::vector<double> times;
  const Clock::time_point first = Clock::now();
  do {
    const Clock::time_point begin = Clock::now();
    multiply();
    times.push_back(seconds_since(begin));
  } while (seconds_since(first) < seconds);
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  const double edge = static_cast<double>(size);
  return edge * edge * edge / std::max(*middle, 1e-9);  // a clock may stand still for one product
}

}  // namespace

double product_rate(Index size, Precision precision, double seconds) {
  if (size < 1) throw ConfigError("the size of the product is " + std::to_string(size) + ", expected at least 1");
  return precision == Precision::kFloat ? rate<float>(size, seconds) : rate<double>(size, seconds);
}

}  // namespace rnnlib
