// SPDX-License-Identifier: Apache-2.0
// Matrix products of the shapes that waves have, through tensor/product.h. Arguments: points of the wave; sizes of the
// sources (D x H) and of the net input. "rate" is multiply-accumulates per second.
#include <benchmark/benchmark.h>

#include "tensor/buffer.h"
#include "tensor/product.h"

namespace {

using rnnlib::Buffer;
using rnnlib::ConstMatrix;
using rnnlib::Index;
using rnnlib::Matrix;

struct Operands {
  explicit Operands(const benchmark::State& state)
      : points(state.range(0)), sources(state.range(1)), net(state.range(2)) {
    x.resize(points * sources);
    w.resize(net * sources);
    y.resize(points * net);
    x.fill(0.5F);
    w.fill(0.001F);
    y.fill(0.0F);
  }
  Matrix<float> X() { return {x.data(), points, sources}; }
  Matrix<float> W() { return {w.data(), net, sources}; }
  Matrix<float> Y() { return {y.data(), points, net}; }

  Index points, sources, net;
  Buffer<float> x, w, y;
};

template <class Product>
void run(benchmark::State& state, const Product& product) {
  Operands operands(state);
  for (auto _ : state) {
    product(operands);
    benchmark::ClobberMemory();
  }
  const auto work = static_cast<double>(operands.points * operands.sources * operands.net);
  state.counters["rate"] = benchmark::Counter(work, benchmark::Counter::kIsIterationInvariantRate);
}

// Net inputs, errors of the sources, gradient. In the last two one factor is zero: nothing grows.
void product_forward(benchmark::State& state) {
  run(state, [](Operands& o) { rnnlib::add_product_nt<float>(o.X(), o.W(), o.Y()); });
}

void product_backward(benchmark::State& state) {
  run(state, [](Operands& o) { rnnlib::add_product<float>(o.Y(), o.W(), o.X()); });
}

void product_gradient(benchmark::State& state) {
  run(state, [](Operands& o) { rnnlib::add_product_tn<float>(o.Y(), o.X(), o.W()); });
}

void shapes(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"points", "sources", "net"});
  for (const Index points : {1, 4, 16, 128, 1024}) {
    bench->Args({points, 4, 10});      // 2D, 2 units
    bench->Args({points, 20, 50});     // 2D, 10 units
    bench->Args({points, 100, 400});   // 1D, 100 units
    bench->Args({points, 250, 1000});  // 1D, 250 units
  }
}

BENCHMARK(product_forward)->Apply(shapes);
BENCHMARK(product_backward)->Apply(shapes);
BENCHMARK(product_gradient)->Apply(shapes);

}  // namespace
