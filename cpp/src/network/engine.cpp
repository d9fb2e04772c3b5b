// SPDX-License-Identifier: Apache-2.0
#include "network/engine.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>

#include "base/parallel/loops.h"
#include "base/parallel/oversubscription.h"
#include "network/check_sequence.h"
#include "network/jobs.h"
#include "optim/all_finite.h"
#include "rnnlib/error.h"

namespace rnnlib {

namespace {

// Uses of a weight below which starting threads costs more than they gain.
constexpr double kLeastWork = 1e6;

// Workspaces that jobs need; the threads beyond help inside them.
int num_workspaces(std::size_t jobs, int threads) {
  return static_cast<int>(std::min(jobs, static_cast<std::size_t>(std::max(threads, 1))));
}

void check_finite(const SequenceErrors& errors, const Sequence& sequence, Index number) {
  for (const SequenceErrors::Item& item : errors.items) {
    if (!std::isfinite(item.value)) {
      throw NumericError("sequence " + sequence_name(sequence, number) + ": the error is " +
                         std::to_string(item.value));
    }
  }
}

// Does a batch's work; says for which sequences there was not enough memory.
template <class Real, class Work>
void run_in_memory(const NetworkLayout& layout, const Loss<Real>& loss, const Sequence* sequences, const Range& range,
                   bool training, const Work& work) {
  try {
    work();
  } catch (const std::bad_alloc&) {
    BatchShape batch;
    Index largest = range.first;
    for (Index i = range.first; i < range.first + range.count; ++i) {
      batch.add(sequences[i].shape());
      if (points_of(sequences[i]) > points_of(sequences[largest])) largest = i;
    }
    const Sequence& sequence = sequences[largest];
    Index bytes = EngineWorkspace<Real>::bytes(layout, batch, training);
    if (sequence.target() != nullptr) {
      const Index points = num_points(layout.output_shape(sequence.shape()));
      bytes += loss.bytes(points, layout.output_size, sequence.target_length());
    }
    const std::string others =
        range.count > 1 ? " and the " + std::to_string(range.count - 1) + " that run with it" : "";
    throw OutOfMemoryError("sequence " + sequence_name(sequence, largest) + " of shape " + to_string(sequence.shape()) +
                           others + ": not enough memory, about " + std::to_string((bytes >> 20) + 1) +
                           " MiB are needed");
  }
}

// Numbers beyond what Real holds would make outputs that mean nothing.
template <class Real>
void predict_output(const Loss<Real>& loss, Decoder<Real>& decoder, const OutputView<Real>& view,
                    const Sequence& sequence, Index number, Prediction& prediction) {
  const Index n = view.points * view.size;
  loss.activate(view);
  if (!all_finite(view.output, n)) {
    throw NumericError("sequence " + sequence_name(sequence, number) + ": an output is NaN or infinite");
  }
  decode(decoder, view.output, view.points, prediction);
  prediction.shape = view.shape;
  prediction.size = view.size;
  prediction.outputs.assign(view.output, view.output + n);
}

// The units that coordinates name, among all of the output's points.
Range find_units(const OutputCoordinates& coordinates, const Shape& shape, Index size, const std::string& sequence) {
  const auto refuse = [&](const std::string& text) {
    throw ConfigError("output coordinates for sequence " + sequence + ": " + text);
  };
  const std::string of_output = "the output has shape " + to_string(shape) + " and " + std::to_string(size) + " units";
  if (coordinates.point.size() != shape.size()) {
    refuse(std::to_string(coordinates.point.size()) + " coordinates of a point were given, but " + of_output);
  }
  Index point = 0;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    const Index x = coordinates.point[d];
    if (x < 0 || x >= shape[d]) {
      refuse(std::to_string(x) + " is outside dimension " + std::to_string(d) + ": " + of_output);
    }
    point = point * shape[d] + x;
  }
  if (coordinates.unit == OutputCoordinates::kAllUnits) return {point * size, size};
  if (coordinates.unit < 0 || coordinates.unit >= size) {
    refuse("there is no unit " + std::to_string(coordinates.unit) + ": " + of_output);
  }
  return {point * size + coordinates.unit, 1};
}

}  // namespace

template <class Real>
Engine<Real>::Lease::Lease(const Engine& engine, int count) : engine_(engine) {
  const std::lock_guard<ForkMutex> lock(engine.mutex_);
  for (int i = 0; i < count; ++i) {
    if (engine.free_.empty()) {
      workspaces_.push_back(std::make_unique<EngineWorkspace<Real>>(engine.layout_));
    } else {
      workspaces_.push_back(std::move(engine.free_.back()));
      engine.free_.pop_back();
    }
  }
}

template <class Real>
void Engine<Real>::Lease::give_back() {
  const std::lock_guard<ForkMutex> lock(engine_.mutex_);
  for (auto& workspace : workspaces_) engine_.free_.push_back(std::move(workspace));
}

template <class Real>
std::vector<double> Engine<Real>::to_flat(const Real* packed) const {
  std::vector<double> flat(static_cast<std::size_t>(layout_.num_weights));
  for (std::int32_t source : layout_.packed_source) {
    if (source >= 0) flat[static_cast<std::size_t>(source)] = static_cast<double>(*packed);
    ++packed;
  }
  return flat;
}

template <class Real>
void Engine<Real>::to_packed(const std::vector<double>& flat, Real* packed) const {
  for (std::int32_t source : layout_.packed_source) {
    *packed++ = source < 0 ? Real(0) : static_cast<Real>(flat[static_cast<std::size_t>(source)]);
  }
}

template <class Real>
void Engine<Real>::fold_shared(Real* gradient) const {
  for (const TiedWeight& tied : layout_.tied) {
    gradient[tied.owner] += gradient[tied.place];
    gradient[tied.place] = 0;
  }
}

template <class Real>
void Engine<Real>::spread_shared(Real* gradient) const {
  for (const TiedWeight& tied : layout_.tied) gradient[tied.place] = gradient[tied.owner];
}

template <class Real>
void Engine<Real>::run_batch(const Model& model, const Sequence* sequences, const Range& range, const Mode& mode,
                             EngineWorkspace<Real>& workspace, SequenceErrors* errors, Real* d_weights) const {
  const bool with_gradient = d_weights != nullptr;
  const Loss<Real>& loss = model.loss;
  run_in_memory(layout_, loss, sequences, range, with_gradient, [&] {
    Pass<Real> pass;
    pass.keep = with_gradient ? Keep::kForBackward : Keep::kNothing;
    pass.limit = mode.clip_deltas ? Real(1) : std::numeric_limits<Real>::infinity();
    pass.dropout = {mode.dropout.rate, mode.dropout.rate > 0 ? mode.dropout.seeds + range.first : nullptr};
    workspace.forward(model.weights, sequences + range.first, range.count, range.first, pass);
    for (Index s = 0; s < range.count; ++s) {
      const Sequence& sequence = sequences[range.first + s];
      const OutputView<Real>& view = workspace.output(s, with_gradient);
      errors[s] = {};
      loss.activate(view);
      loss.evaluate(view, sequence, workspace.loss(), errors[s]);
      loss.count_errors(workspace.read_labels(view), sequence, workspace.loss(), errors[s]);
      check_finite(errors[s], sequence, range.first + s);
    }
    if (with_gradient) workspace.backward(model.weights, d_weights);
  });
}

template <class Real>
int Engine<Real>::threads_for(double points, std::size_t jobs, int threads) const {
  if (points * static_cast<double>(layout_.num_weights) < kLeastWork || (jobs == 1 && is_oversubscribed())) return 1;
  const std::size_t most = jobs * std::max<std::size_t>(layout_.max_directions, 2);
  return static_cast<int>(std::min(most, static_cast<std::size_t>(std::max(threads, 1))));
}

template <class Real>
int Engine<Real>::useful_threads(const std::vector<Sequence>& sequences, const std::vector<Job>& jobs,
                                 int threads) const {
  double points = 0;
  for (const Job& job : jobs) {
    for (Index i = 0; i < job.sequences.count; ++i) {
      points += points_of(sequences[static_cast<std::size_t>(job.sequences.first + i)]);
    }
  }
  return threads_for(points, jobs.size(), threads);
}

template <class Real>
int Engine<Real>::useful_threads(const std::vector<Sequence>& sequences, Index first, Index count, int threads) const {
  return useful_threads(sequences, make_jobs(layout_, sequences, first, count), threads);
}

template <class Real>
int Engine<Real>::useful_threads(const std::vector<Sequence>& sequences, const std::vector<Index>& passes,
                                 int threads) const {
  double points = 0;
  for (Index sequence : passes) points += points_of(sequences[static_cast<std::size_t>(sequence)]);
  return threads_for(points, passes.size(), threads);
}

template <class Real>
void Engine<Real>::check(const Loss<Real>& loss, const std::vector<Sequence>& sequences, Index first,
                         Index count) const {
  for (Index i = first; i < first + count; ++i) {
    check_with_target(layout_, loss, sequences[static_cast<std::size_t>(i)], i);
  }
}

template <class Real>
void Engine<Real>::run(const Model& model, const std::vector<Sequence>& sequences, Index first, Index count,
                       int threads, RunResult& result, Real* gradient, bool clip_deltas, const Dropout& dropout) const {
  check(model.loss, sequences, first, count);
  const std::vector<Job> jobs = make_jobs(layout_, sequences, first, count);
  const Mode mode{useful_threads(sequences, jobs, threads), clip_deltas, dropout};
  Lease workspaces(*this, num_workspaces(jobs.size(), mode.threads));
  // Several jobs have a gradient each, so that the order of the sums does not depend on the threads.
  const bool own_gradients = gradient != nullptr && jobs.size() > 1;
  const auto run_job = [&](Index i, int thread) {
    const Job& job = jobs[static_cast<std::size_t>(i)];
    EngineWorkspace<Real>& workspace = workspaces[thread];
    workspace.errors().resize(static_cast<std::size_t>(job.sequences.count));
    Real* d_weights = own_gradients ? workspace.clear_gradient() : gradient;
    for (const Range& batch : job.batches) {
      run_batch(model, sequences.data(), batch, mode, workspace,
                workspace.errors().data() + (batch.first - job.sequences.first), d_weights);
    }
  };
  const auto add_job = [&](Index i, int thread) {
    const Range& done = jobs[static_cast<std::size_t>(i)].sequences;
    for (Index s = 0; s < done.count; ++s) {
      result.add(workspaces[thread].errors()[static_cast<std::size_t>(s)],
                 sequences[static_cast<std::size_t>(done.first + s)], done.first + s);
    }
    if (!own_gradients) return;
    const Buffer<Real>& own = workspaces[thread].d_weights();
    for (Index w = 0; w < own.size(); ++w) gradient[w] += own[w];
  };
  with_team(mode.threads,
            [&] { parallel_for_ordered(static_cast<Index>(jobs.size()), mode.threads, run_job, add_job); });
  workspaces.give_back();
}

template <class Real>
void Engine<Real>::run_passes(const Loss<Real>& loss, const std::vector<Sequence>& sequences, const Passes& passes,
                              int threads, bool with_gradient, const Dropout& dropout) const {
  const Index count = static_cast<Index>(passes.sequences.size());
  for (Index sequence : passes.sequences) check(loss, sequences, sequence, 1);
  const Mode mode{useful_threads(sequences, passes.sequences, threads), true, dropout};
  Lease workspaces(*this, num_workspaces(passes.sequences.size(), mode.threads));
  const auto run_pass = [&](Index i, int thread) {
    EngineWorkspace<Real>& workspace = workspaces[thread];
    PackedWeights<Real>& weights = workspace.own_weights();
    passes.make(i, thread, weights.values.resize(packed_size()));
    weights.pack(layout_);
    workspace.errors().resize(1);
    run_batch({loss, weights}, sequences.data(), {passes.sequences[static_cast<std::size_t>(i)], 1}, mode, workspace,
              workspace.errors().data(), with_gradient ? workspace.clear_gradient() : nullptr);
  };
  const auto finish_pass = [&](Index i, int thread) {
    EngineWorkspace<Real>& workspace = workspaces[thread];
    passes.done(i, workspace.errors().front(), with_gradient ? workspace.d_weights().data() : nullptr);
  };
  with_team(mode.threads, [&] { parallel_for_ordered(count, mode.threads, run_pass, finish_pass); });
  workspaces.give_back();
}

template <class Real>
std::vector<Prediction> Engine<Real>::predict(const Model& model, const std::vector<Sequence>& sequences,
                                              int threads) const {
  const Index count = static_cast<Index>(sequences.size());
  std::vector<Prediction> predictions(sequences.size());
  for (Index i = 0; i < count; ++i) check_inputs(layout_, sequences[static_cast<std::size_t>(i)], i);
  const std::vector<Job> jobs = make_jobs(layout_, sequences, 0, count);
  const int useful = useful_threads(sequences, jobs, threads);
  Lease workspaces(*this, num_workspaces(jobs.size(), useful));
  const auto predict_batch = [&](const Range& batch, EngineWorkspace<Real>& workspace) {
    workspace.forward(model.weights, sequences.data() + batch.first, batch.count, batch.first, {});
    for (Index s = 0; s < batch.count; ++s) {
      const Index i = batch.first + s;
      predict_output(model.loss, workspace.decoder(), workspace.output(s, false),
                     sequences[static_cast<std::size_t>(i)], i, predictions[static_cast<std::size_t>(i)]);
    }
  };
  const auto predict_job = [&](Index i, int thread) {
    for (const Range& batch : jobs[static_cast<std::size_t>(i)].batches) {
      run_in_memory(layout_, model.loss, sequences.data(), batch, false,
                    [&] { predict_batch(batch, workspaces[thread]); });
    }
  };
  with_team(useful, [&] { parallel_for(static_cast<Index>(jobs.size()), useful, predict_job); });
  workspaces.give_back();
  return predictions;
}

template <class Real>
void Engine<Real>::predict(const Model& model, const Sequence& sequence, EngineWorkspace<Real>& workspace,
                           Prediction& prediction) const {
  check_inputs(layout_, sequence, 0);
  run_in_memory(layout_, model.loss, &sequence, {0, 1}, false, [&] {
    workspace.forward(model.weights, &sequence, 1, 0, {});
    predict_output(model.loss, workspace.decoder(), workspace.output(0, false), sequence, 0, prediction);
  });
}

template <class Real>
std::vector<TraceVariable> Engine<Real>::trace(const Model& model, const Sequence& sequence) const {
  if (sequence.has_target()) {
    check_with_target(layout_, model.loss, sequence, 0);
  } else {
    check_inputs(layout_, sequence, 0);
  }
  std::vector<TraceVariable> variables;
  run_in_memory(layout_, model.loss, &sequence, {0, 1}, true, [&] { variables = trace_in_memory(model, sequence); });
  return variables;
}

template <class Real>
std::vector<TraceVariable> Engine<Real>::trace_in_memory(const Model& model, const Sequence& sequence) const {
  const Loss<Real>& loss = model.loss;
  EngineWorkspace<Real> workspace(layout_);  // gone afterwards: it holds more than any other run needs
  Pass<Real> pass;
  pass.keep = Keep::kForTrace;
  workspace.forward(model.weights, &sequence, 1, 0, pass);
  const OutputView<Real>& view = workspace.output(0, true, true);
  loss.activate(view);
  const bool has_target = sequence.has_target();
  std::vector<TraceVariable> of_loss;
  if (has_target) {
    SequenceErrors errors;
    std::fill_n(view.d_output, view.points * view.size, Real(0));
    loss.evaluate(view, sequence, workspace.loss(), errors);
    of_loss = loss.trace(view, sequence, workspace.loss());
    workspace.backward(model.weights, workspace.clear_gradient());
  }
  std::vector<TraceVariable> variables = workspace.trace(has_target);
  for (TraceVariable& variable : of_loss) {
    variable.name = "output_" + variable.name;
    variables.push_back(std::move(variable));
  }
  return variables;
}

template <class Real>
std::vector<TraceVariable> Engine<Real>::jacobian(const Model& model, const Sequence& sequence,
                                                  const OutputCoordinates& coordinates) const {
  check_inputs(layout_, sequence, 0);
  std::vector<TraceVariable> variables;
  run_in_memory(layout_, model.loss, &sequence, {0, 1}, true,
                [&] { variables = jacobian_in_memory(model, sequence, coordinates); });
  return variables;
}

// Deltas are not clipped here: in training clipping keeps updates small, here it would hide what matters most.
template <class Real>
std::vector<TraceVariable> Engine<Real>::jacobian_in_memory(const Model& model, const Sequence& sequence,
                                                            const OutputCoordinates& coordinates) const {
  EngineWorkspace<Real> workspace(layout_);
  Pass<Real> pass;
  pass.keep = Keep::kForTrace;
  pass.limit = std::numeric_limits<Real>::infinity();
  workspace.forward(model.weights, &sequence, 1, 0, pass);
  const OutputView<Real> view = workspace.output(0, true, true);
  const Range units = find_units(coordinates, view.shape, view.size, sequence_name(sequence, 0));
  model.loss.activate(view);
  std::fill_n(view.d_output, view.points * view.size, Real(0));
  std::copy_n(view.output + units.first, units.count, view.d_output + units.first);
  model.loss.activate_backward(view);
  workspace.backward(model.weights, workspace.clear_gradient());
  return workspace.trace(true);
}

template class Engine<float>;
template class Engine<double>;

}  // namespace rnnlib
