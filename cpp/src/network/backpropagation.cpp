// SPDX-License-Identifier: Apache-2.0
#include "rnnlib/backpropagation.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/parallel/loops.h"
#include "loss/output_activation.h"
#include "network/engine.h"
#include "network/run_in_memory.h"
#include "rnnlib/error.h"

namespace rnnlib {

namespace {

template <class Real>
const Engine<Real>& engine_of(const Network& network) {
  const bool is_float = std::is_same_v<Real, float>;
  if (network.precision() != (is_float ? Precision::kFloat : Precision::kDouble)) {
    throw ConfigError(std::string("backpropagation in ") + (is_float ? "float32" : "float64") +
                      ": the network has the other precision");
  }
  return static_cast<const Engine<Real>&>(network.engine());
}

template <class Number>
void check_count(const Numbers<Number>& given, Index expected, const std::string& what) {
  if (given.values != nullptr ? given.count == expected : expected == 0) return;
  throw DataError(what + ": expected " + std::to_string(expected) + " numbers, found " +
                  std::to_string(given.values == nullptr ? 0 : given.count));
}

// What is left out has no values.
template <class Number>
void check_parts(const std::vector<Numbers<Number>>& parts, const std::vector<Connection>& connections,
                 const std::string& what) {
  if (parts.size() != connections.size()) {
    throw DataError(what + ": expected those of " + std::to_string(connections.size()) + " connections, found " +
                    std::to_string(parts.size()));
  }
  for (std::size_t c = 0; c < parts.size(); ++c) {
    if (parts[c].values != nullptr) check_count(parts[c], connections[c].size(), what + " of " + connections[c].name);
  }
}

BackpropagationOptions checked(BackpropagationOptions options) {
  if (!(options.dropout >= 0 && options.dropout < 1)) {
    throw ConfigError("dropout is " + std::to_string(options.dropout) + ", expected a number in [0, 1)");
  }
  return options;
}

}  // namespace

template <class Real>
class BackpropagationImpl {
 public:
  BackpropagationImpl(const Network& network, BackpropagationOptions options)
      : engine_(engine_of<Real>(network)), loss_(engine_.loss_for({})), options_(checked(std::move(options))) {}
  ~BackpropagationImpl() { give_back(); }
  BackpropagationImpl(const BackpropagationImpl&) = delete;
  BackpropagationImpl& operator=(const BackpropagationImpl&) = delete;

  Index row_size() const {
    const LayerOutput& hidden = layout().layers.back()->output();
    return options_.rows == NetworkRows::kHidden ? hidden.size : layout().output_size;
  }

  Shape row_shape(const Shape& input_shape) const {
    layout().check_shape(input_shape);
    if (options_.rows != NetworkRows::kHidden) return layout().output_shape(input_shape);
    Shape shape = layout().input.output_shape(input_shape);
    for (const auto& layer : layout().layers) shape = layer->output_shape(shape);
    return shape;
  }

  void forward(const std::vector<Numbers<const Real>>& weights, const std::vector<Shape>& shapes,
               Numbers<const Real> inputs, Numbers<Real> rows) {
    give_back();
    check_parts(weights, layout().connections, "weights");
    set_sequences(shapes);
    check_count(inputs, input_rows_.back() * input_size(), "inputs of all sequences");
    check_count(rows, rows_.back() * row_size(), "rows of all sequences");
    const Index count = static_cast<Index>(sequences_.size());
    if (options_.dropout > 0 && static_cast<Index>(options_.seeds.size()) != count) {
      throw DataError("dropout takes a seed for each of " + std::to_string(count) + " sequences, found " +
                      std::to_string(options_.seeds.size()));
    }
    shards_ = make_shards(layout(), sequences_, 0, count);
    threads_ = engine_.useful_threads(sequences_, 0, count, options_.threads);
    take_workspaces();
    is_good_ = false;  // unless all of it comes to its end
    const bool keep = options_.with_gradient;
    with_team(threads_, [&] {
      set_weights(weights);
      parallel_for(static_cast<Index>(shards_.size()), [&](Index i, int thread) {
        Index number = first_batches_[static_cast<std::size_t>(i)];
        for (const Range& batch : shards_[static_cast<std::size_t>(i)].batches) {
          run_forward(batch, (*workspaces_)[keep ? static_cast<int>(number++) : thread], inputs.values, rows.values);
        }
      });
    });
    is_good_ = true;
    if (!keep) give_back();
  }

  void backward(const std::vector<Numbers<Real>>& d_weights, Numbers<Real> d_inputs, Numbers<const Real> d_rows) {
    if (workspaces_ == nullptr || !is_good_) {
      throw ConfigError("a backward pass follows a forward pass with_gradient, and only once");
    }
    check_parts(d_weights, layout().connections, "gradients of weights");
    if (d_inputs.values != nullptr) {
      check_count(d_inputs, input_rows_.back() * input_size(), "gradients of inputs");
      if (!options_.with_input_gradient) throw ConfigError("the forward pass was made without the inputs' gradient");
    }
    check_count(d_rows, rows_.back() * row_size(), "errors of rows");
    Buffer<Real> gradient;
    gradient.resize(engine_.packed_size());
    gradient.fill(Real(0));
    run_backward(gradient, d_inputs.values, d_rows.values);
    engine_.reduce_tied(gradient.data());
    engine_.broadcast_tied(gradient.data());
    write_gradient(gradient.data(), d_weights);
    give_back();
  }

 private:
  const NetworkLayout& layout() const { return engine_.layout(); }
  Index input_size() const { return layout().spec.data.input_size; }
  const PackedWeights<Real>& weights() const { return (*workspaces_)[0].own_weights(); }

  void set_sequences(const std::vector<Shape>& shapes) {
    sequences_.clear();
    input_rows_.assign(1, 0);
    rows_.assign(1, 0);
    for (const Shape& shape : shapes) {
      try {
        rows_.push_back(rows_.back() + num_points(row_shape(shape)));
      } catch (const DataError& error) {
        throw DataError("sequence number " + std::to_string(sequences_.size()) + ": " + error.what());
      }
      input_rows_.push_back(input_rows_.back() + num_points(shape));
      sequences_.emplace_back();
      sequences_.back().set_inputs(nullptr, shape, input_size());
    }
  }

  // One for each batch, which keeps what backward() needs; else one for each thread. There is at least one: it also
  // holds the weights.
  void take_workspaces() {
    first_batches_.clear();
    Index batches = 0;
    for (const Shard& shard : shards_) {
      first_batches_.push_back(batches);
      batches += static_cast<Index>(shard.batches.size());
    }
    const Index busy = std::min(static_cast<Index>(shards_.size()), static_cast<Index>(threads_));
    const Index count = std::max<Index>(options_.with_gradient ? batches : busy, 1);
    workspaces_ = std::make_unique<Lease>(engine_.workspaces(), static_cast<int>(count));
  }

  void give_back() {
    if (workspaces_ != nullptr && is_good_) workspaces_->give_back();
    workspaces_.reset();
    is_good_ = true;
  }

  void set_weights(const std::vector<Numbers<const Real>>& given) {
    std::vector<Real> flat(static_cast<std::size_t>(layout().num_weights), Real(0));
    for (std::size_t c = 0; c < given.size(); ++c) {
      if (given[c].values == nullptr) continue;
      std::copy_n(given[c].values, given[c].count, flat.data() + layout().connections[c].offset);
    }
    PackedWeights<Real>& packed = (*workspaces_)[0].own_weights();
    engine_.copy_to_packed(flat.data(), packed.values.resize(engine_.packed_size()));
    packed.pack(layout());
  }

  void run_forward(const Range& batch, EngineWorkspace<Real>& workspace, const Real* inputs, Real* rows) {
    const std::size_t first = static_cast<std::size_t>(batch.first);
    Pass<Real> pass;
    pass.keep = options_.with_gradient ? Keep::kForBackward : Keep::kNothing;
    pass.limit = std::numeric_limits<Real>::infinity();
    pass.dropout = {options_.dropout, options_.dropout > 0 ? options_.seeds.data() + first : nullptr};
    pass.inputs = inputs + input_rows_[first] * input_size();
    pass.input_errors = options_.with_gradient && options_.with_input_gradient;
    const Sequence* sequences = sequences_.data() + first;
    Real* to = rows + rows_[first] * row_size();
    run_in_memory(layout(), *loss_, sequences_.data(), batch, options_.with_gradient, [&] {
      if (options_.rows == NetworkRows::kHidden) {
        workspace.forward_hidden(weights(), sequences, batch.count, batch.first, pass);
        std::copy_n(workspace.hidden(), workspace.hidden_batch().points * row_size(), to);
        return;
      }
      workspace.forward(weights(), sequences, batch.count, batch.first, pass);
      for (Index s = 0; s < batch.count; ++s) {
        const OutputView<Real>& view = workspace.output(s, false);
        const bool activated = options_.rows == NetworkRows::kOutputs;
        if (activated) loss_->activate(view);
        const Real* values = activated ? view.output : view.net;
        to = std::copy_n(values, view.points * view.size, to);
      }
    });
  }

  // As Engine::run() does: the batches of a shard add to one gradient, and the shards' are added in their order.
  void run_backward(Buffer<Real>& gradient, Real* d_inputs, const Real* d_rows) {
    is_good_ = false;
    const bool own_gradients = shards_.size() > 1;
    const auto run_shard = [&](Index i, int thread) {
      const std::size_t at = static_cast<std::size_t>(i);
      Real* d_weights = own_gradients ? (*workspaces_)[thread].clear_gradient() : gradient.data();
      int number = static_cast<int>(first_batches_[at]);
      for (const Range& batch : shards_[at].batches) {
        run_batch_backward(batch, (*workspaces_)[number++], d_weights, d_inputs, d_rows);
      }
    };
    const auto add_shard = [&](Index, int thread) {
      if (!own_gradients) return;
      const Buffer<Real>& own = (*workspaces_)[thread].d_weights();
      for (Index w = 0; w < own.size(); ++w) gradient[w] += own[w];
    };
    with_team(threads_, [&] { parallel_for_ordered(static_cast<Index>(shards_.size()), run_shard, add_shard); });
    is_good_ = true;
  }

  void run_batch_backward(const Range& batch, EngineWorkspace<Real>& workspace, Real* d_weights, Real* d_inputs,
                          const Real* d_rows) {
    const std::size_t first = static_cast<std::size_t>(batch.first);
    const Real* from = d_rows + rows_[first] * row_size();
    run_in_memory(layout(), *loss_, sequences_.data(), batch, true, [&] {
      if (options_.rows == NetworkRows::kHidden) {
        std::copy_n(from, workspace.hidden_batch().points * row_size(), workspace.d_hidden());
        workspace.backward_hidden(weights(), d_weights);
      } else {
        for (Index s = 0; s < batch.count; ++s) {
          OutputView<Real> view = workspace.output(s, true);
          const Index n = view.points * view.size;
          std::copy_n(from, n, view.d_net);
          from += n;
          view.d_output = view.d_net;  // in place
          if (options_.rows == NetworkRows::kOutputs) loss_->activate_backward(view);
        }
        workspace.backward(weights(), d_weights);
      }
      if (d_inputs != nullptr) workspace.input_errors(d_inputs + input_rows_[first] * input_size());
    });
  }

  void write_gradient(const Real* packed, const std::vector<Numbers<Real>>& d_weights) const {
    std::vector<Real> flat(static_cast<std::size_t>(layout().num_weights));
    engine_.copy_to_flat(packed, flat.data());
    for (std::size_t c = 0; c < d_weights.size(); ++c) {
      if (d_weights[c].values == nullptr) continue;
      std::copy_n(flat.data() + layout().connections[c].offset, d_weights[c].count, d_weights[c].values);
    }
  }

  using Lease = typename WorkspacePool<Real>::Lease;

  const Engine<Real>& engine_;
  const std::unique_ptr<Loss<Real>> loss_;
  const BackpropagationOptions options_;
  std::vector<Sequence> sequences_;  // shapes only
  std::vector<Index> input_rows_;    // [sequences + 1] where the inputs of each begin
  std::vector<Index> rows_;          // the same of the rows handed out
  std::vector<Shard> shards_;
  std::vector<Index> first_batches_;  // of each shard, among all batches
  int threads_ = 1;
  std::unique_ptr<Lease> workspaces_;  // from forward() to backward()
  bool is_good_ = true;                // whether they may be used again
};

template <class Real>
Backpropagation<Real>::Backpropagation(const Network& network, BackpropagationOptions options)
    : impl_(std::make_unique<BackpropagationImpl<Real>>(network, std::move(options))) {}
template <class Real>
Backpropagation<Real>::~Backpropagation() = default;
template <class Real>
Backpropagation<Real>::Backpropagation(Backpropagation&&) noexcept = default;
template <class Real>
Backpropagation<Real>& Backpropagation<Real>::operator=(Backpropagation&&) noexcept = default;

template <class Real>
Index Backpropagation<Real>::row_size() const {
  return impl_->row_size();
}

template <class Real>
Shape Backpropagation<Real>::row_shape(const Shape& input_shape) const {
  return impl_->row_shape(input_shape);
}

template <class Real>
void Backpropagation<Real>::forward(const std::vector<Numbers<const Real>>& weights, const std::vector<Shape>& shapes,
                                    Numbers<const Real> inputs, Numbers<Real> rows) {
  impl_->forward(weights, shapes, inputs, rows);
}

template <class Real>
void Backpropagation<Real>::backward(const std::vector<Numbers<Real>>& d_weights, Numbers<Real> d_inputs,
                                     Numbers<const Real> d_rows) {
  impl_->backward(d_weights, d_inputs, d_rows);
}

template class Backpropagation<float>;
template class Backpropagation<double>;

}  // namespace rnnlib
