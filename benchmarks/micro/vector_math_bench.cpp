// SPDX-License-Identifier: Apache-2.0
// Our functions of arrays beside the standard library's. "each" is the time per element.
#include <benchmark/benchmark.h>

#include <cmath>
#include <string>
#include <vector>

#include "rnnlib/random.h"
#include "tensor/vector_math.h"

namespace {

using rnnlib::Index;

constexpr Index kCount = 4096;

template <class Real, class Function>
void run(benchmark::State& state, const Function& function) {
  rnnlib::Random random(1);
  std::vector<Real> from(kCount);
  std::vector<Real> to(kCount);
  for (Real& x : from) x = static_cast<Real>(3 * random.normal());
  for (auto _ : state) {
    const Real* in = from.data();
    Real* out = to.data();
    RNNLIB_INDEPENDENT
    for (Index i = 0; i < kCount; ++i) out[i] = function(in[i]);
    benchmark::DoNotOptimize(to.data());
    benchmark::ClobberMemory();
  }
  state.counters["each"] =
      benchmark::Counter(kCount, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

template <class Real>
void add(const std::string& type) {
  const auto add_one = [&](const std::string& name, auto function) {
    benchmark::RegisterBenchmark((name + "<" + type + ">").c_str(),
                                 [=](benchmark::State& state) { run<Real>(state, function); });
  };
  add_one("exp/ours", [](Real x) { return rnnlib::vmath::exp(x); });
  add_one("exp/std", [](Real x) { return std::exp(x); });
  add_one("tanh/ours", [](Real x) { return rnnlib::vmath::tanh(x); });
  add_one("tanh/std", [](Real x) { return std::tanh(x); });
  add_one("logistic/ours", [](Real x) { return rnnlib::vmath::logistic(x); });
  add_one("logistic/std", [](Real x) { return 1 / (1 + std::exp(-x)); });
  add_one("softsign/ours", [](Real x) { return rnnlib::vmath::softsign(x); });
  add_one("softsign/std", [](Real x) { return x / (1 + std::abs(x)); });
}

const bool added = [] {
  add<float>("float");
  add<double>("double");
  return true;
}();

}  // namespace
