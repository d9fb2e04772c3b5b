// SPDX-License-Identifier: Apache-2.0
// What a loop of two tasks on two threads costs beside its tasks, with a team that stands by and without.
#include <benchmark/benchmark.h>

#include "base/parallel/loops.h"

namespace rnnlib {
namespace {

// Some ten microseconds.
void work(Index, int) {
  double x = 1;
  for (int i = 0; i < 3000; ++i) benchmark::DoNotOptimize(x *= 1.0000001);
}

void task(benchmark::State& state) {
  for (auto _ : state) work(0, 0);
}
BENCHMARK(task);

void loop_alone(benchmark::State& state) {
  for (auto _ : state) with_team(2, [] { parallel_for(2, &work); });
}
BENCHMARK(loop_alone)->UseRealTime();

void loop_in_team(benchmark::State& state) {
  with_team(2, [&] {
    for (auto _ : state) parallel_for(2, &work);
  });
}
BENCHMARK(loop_in_team)->UseRealTime();

}  // namespace
}  // namespace rnnlib
