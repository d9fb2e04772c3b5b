// SPDX-License-Identifier: Apache-2.0
// The products of a convolution over one image of 100 x 64 points, in the two ways in which they can be made: by row
// products over the rows under the kernel where they lie (layers/convolution_layer.cpp), and by Eigen over copies of
// them. Arguments: units of the source, units, edge of the kernel. "rate" is multiply-accumulates per second, zeros
// outside of the image included; product_rate of product_bench.cpp's size is what it can be at best.
#include <benchmark/benchmark.h>

#include <algorithm>

#include "layers/kernel.h"
#include "rnnlib/benchmark.h"
#include "tensor/row_product.h"

namespace {

using rnnlib::Buffer;
using rnnlib::Index;
using rnnlib::padded;

constexpr Index kBlock = 64;    // points of a row product
constexpr Index kCopies = 512;  // points that are copied for one product of Eigen's

struct Convolution {
  explicit Convolution(const benchmark::State& state)
      : inputs(state.range(0)),
        units(state.range(1)),
        kernel({state.range(2), state.range(2)}),
        depth(kernel.points() * inputs),
        stride(padded(units)) {
    batch.add({100, 64});
    source.resize(batch.points * inputs);
    matrix.resize((1 + depth) * stride);
    output.resize(batch.points * stride);
    copies.resize(kCopies * depth);
    delta_rows.resize(kBlock);
    source.fill(0.5F);
    matrix.fill(0.001F);
    output.fill(0.0F);
    weights.assign({matrix.data() + stride, depth, units, stride});
    rows.resize(kBlock * kernel.points());
    zeros.resize(inputs);
    zeros.fill(0.0F);
  }

  const float* const* find(Index first, Index n) {
    find_kernel_rows(batch, kernel, source.data(), inputs, zeros.data(), first, n, rows.data());
    return rows.data();
  }

  // The rows under the kernel on the points [first, first + n) side by side.
  void copy(Index first, Index n) {
    for (Index begin = 0; begin < n; begin += kBlock) {
      const Index count = std::min(kBlock, n - begin);
      const float* const* found = find(first + begin, count);
      for (Index j = 0; j < count; ++j) {
        float* to = copies.data() + (begin + j) * depth;
        for (Index s = 0; s < kernel.points(); ++s) std::copy_n(found[s * count + j], inputs, to + s * inputs);
      }
    }
  }

  Index inputs, units;
  rnnlib::Kernel kernel;
  Index depth, stride;
  rnnlib::BatchShape batch;
  Buffer<float> source, matrix, output, copies, zeros;
  Buffer<const float*> rows, delta_rows;
  rnnlib::RowWeights<float> weights;
};

// use(convolution, first point, number of points), for pieces of the image.
template <class Use>
void run(benchmark::State& state, Index piece, const Use& use) {
  Convolution c(state);
  for (auto _ : state) {
    for (Index first = 0; first < c.batch.points; first += piece) {
      use(c, first, std::min(piece, c.batch.points - first));
    }
    benchmark::ClobberMemory();
  }
  const double work = static_cast<double>(c.batch.points) * static_cast<double>(c.depth * c.units);
  state.counters["rate"] = benchmark::Counter(work, benchmark::Counter::kIsIterationInvariantRate);
}

void convolution_forward_rows(benchmark::State& state) {
  run(state, kBlock, [](Convolution& c, Index first, Index n) {
    rnnlib::row_product<float>(c.weights, c.find(first, n), c.kernel.points(), n, {c.matrix.data(), 0},
                               c.output.data() + first * c.stride, c.stride);
  });
}

void convolution_forward_eigen(benchmark::State& state) {
  run(state, kCopies, [](Convolution& c, Index first, Index n) {
    c.copy(first, n);
    rnnlib::fill_rows<float>(c.matrix.data(), {c.output.data() + first * c.stride, n, c.units, c.stride});
    rnnlib::add_product<float>({c.copies.data(), n, c.depth}, {c.matrix.data() + c.stride, c.depth, c.units, c.stride},
                               {c.output.data() + first * c.stride, n, c.units, c.stride});
  });
}

// The outputs take the deltas' place: zeros, so that nothing grows.
void convolution_gradient_rows(benchmark::State& state) {
  run(state, kBlock, [](Convolution& c, Index first, Index n) {
    const float* const* rows = c.find(first, n);
    for (Index j = 0; j < n; ++j) c.delta_rows[j] = c.output.data() + (first + j) * c.stride;
    for (Index s = 0; s < c.kernel.points(); ++s) {
      rnnlib::add_outer_products<float>(rows + s * n, c.inputs, c.delta_rows.data(), c.stride, n,
                                        c.matrix.data() + (1 + s * c.inputs) * c.stride);
    }
  });
}

void convolution_gradient_eigen(benchmark::State& state) {
  run(state, kCopies, [](Convolution& c, Index first, Index n) {
    c.copy(first, n);
    rnnlib::add_product_tn<float>({c.copies.data(), n, c.depth},
                                  {c.output.data() + first * c.stride, n, c.units, c.stride},
                                  {c.matrix.data() + c.stride, c.depth, c.units, c.stride});
  });
}

// A square product of Eigen's, for comparison.
void best_product(benchmark::State& state) {
  double rate = 0;
  for (auto _ : state) rate = std::max(rate, rnnlib::product_rate(512, rnnlib::Precision::kFloat, 0.2));
  state.counters["rate"] = rate;
}

void shapes(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"inputs", "units", "kernel"});
  for (const Index inputs : {1, 2, 4, 8}) bench->Args({inputs, 16, 3});
  bench->Args({1, 16, 5})->Args({1, 32, 5})->Args({16, 16, 3})->Args({16, 32, 3})->Args({32, 64, 3})->Args({64, 64, 3});
}

BENCHMARK(convolution_forward_rows)->Apply(shapes);
BENCHMARK(convolution_forward_eigen)->Apply(shapes);
BENCHMARK(convolution_gradient_rows)->Apply(shapes);
BENCHMARK(convolution_gradient_eigen)->Apply(shapes);
BENCHMARK(best_product)->Iterations(1);

}  // namespace
