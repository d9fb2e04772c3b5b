// SPDX-License-Identifier: Apache-2.0
// Every variable of every layer, in RNNLIB's names, units and orders (docs/behaviour.md, "Dumps").
#include <algorithm>

#include "layers/block.h"
#include "network/workspace.h"

namespace rnnlib {

namespace {

Shape with_units(Shape shape, Index units) {
  shape.push_back(units);
  return shape;
}

// Columns of rows [points, stride] in the given order.
template <class Real>
TraceVariable variable(const std::string& name, const Shape& shape, const Real* rows, Index stride,
                       const std::vector<Index>& columns) {
  TraceVariable result{name, with_units(shape, static_cast<Index>(columns.size())), {}};
  const Index points = num_points(shape);
  result.values.reserve(static_cast<std::size_t>(points) * columns.size());
  for (Index p = 0; p < points; ++p) {
    for (Index c : columns) result.values.push_back(static_cast<double>(rows[p * stride + c]));
  }
  return result;
}

std::vector<Index> range(Index first, Index count) {
  std::vector<Index> columns;
  for (Index i = 0; i < count; ++i) columns.push_back(first + i);
  return columns;
}

template <class Real>
TraceVariable variable(const std::string& name, const Shape& shape, const Real* rows, Index units) {
  return variable(name, shape, rows, units, range(0, units));
}

}  // namespace

template <class Real>
std::vector<TraceVariable> EngineWorkspace<Real>::trace(const PackedWeights<Real>& weights, bool with_errors) {
  std::vector<TraceVariable> variables;
  trace_input(variables, with_errors);
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    trace_level(i, variables, with_errors);
    trace_top(i, variables, with_errors);
  }
  trace_output(weights, variables, with_errors);
  return variables;
}

template <class Real>
void EngineWorkspace<Real>::trace_input(std::vector<TraceVariable>& variables, bool with_errors) {
  const Shape& shape = input_batch_.shapes[0];
  const Index size = layout_.spec.data.input_size;
  const Shape& block = layout_.spec.input_block;
  const Real* d_input = stages_[0].d_input.data();
  variables.push_back(variable("input_activations", shape, input_.data(), size));
  if (block.empty()) {
    if (with_errors) variables.push_back(variable("input_errors", shape, d_input, size));
    return;
  }
  const BatchShape& blocked = stages_[0].batch;
  const Index blocked_size = layout_.stages[0].level.input_size;
  variables.push_back(variable("input_block_activations", blocked.shapes[0], blocked_input_.data(), blocked_size));
  if (!with_errors) return;
  std::vector<Real> errors(static_cast<std::size_t>(input_batch_.points * size));
  block_backward(input_batch_, blocked, block, d_input, size, errors.data());
  variables.push_back(variable("input_block_errors", blocked.shapes[0], d_input, blocked_size));
  variables.push_back(variable("input_errors", shape, errors.data(), size));
}

template <class Real>
void EngineWorkspace<Real>::trace_level(std::size_t i, std::vector<TraceVariable>& variables, bool with_errors) {
  using Variable = SweepVariable;
  StageBuffers& buffers = stages_[i];
  const LevelShape& level = layout_.stages[i].level;
  const Shape& shape = buffers.batch.shapes[0];
  const Index points = buffers.batch.points;
  const Index h = level.hidden();
  for (Index j = 0; j < level.directions(); ++j) {
    const SweepShape& sweep = level.sweeps[static_cast<std::size_t>(j)];
    const std::string name = layout_.hidden_name(i, j) + "_";
    const Index gates = sweep.gates;
    std::vector<Index> gate_columns;  // RNNLIB's order: the gates of a block together
    for (Index u = 0; u < h; ++u) {
      for (Index g = 0; g < gates; ++g) gate_columns.push_back(g * h + u);
    }
    const auto gates_of = [&](Index first, Index count) {
      std::vector<Index> columns;
      for (Index u = 0; u < h; ++u) {
        for (Index g = first; g < first + count; ++g) columns.push_back(g * h + u);
      }
      return columns;
    };
    std::vector<Real> rows(static_cast<std::size_t>(points * sweep.net_size()));
    const auto read = [&](Variable what) {
      buffers.level.sweep(static_cast<std::size_t>(j)).read(sweep, *buffers.schedule, what, rows.data());
      return rows.data();
    };

    if (sweep.type == HiddenType::kIdentity) {
      trace_identity(i, j, variables, with_errors);
      continue;
    }
    variables.push_back(
        variable(name + "inputActivations", shape, read(Variable::kNet), sweep.net_size(), gate_columns));
    variables.push_back(
        variable(name + "outputActivations", shape, buffers.level.output(), level.output_size(), range(j * h, h)));
    if (with_errors) {
      variables.push_back(
          variable(name + "inputErrors", shape, read(Variable::kDeltas), sweep.net_size(), gate_columns));
    }
    if (with_errors) trace_output_errors(i, j, name, variables);
    if (!is_lstm(sweep.type)) continue;
    const Real* gate_rows = read(Variable::kGates);
    variables.push_back(variable(name + "inGateActs", shape, gate_rows, sweep.net_size(), gates_of(0, 1)));
    variables.push_back(
        variable(name + "forgetGateActs", shape, gate_rows, sweep.net_size(), gates_of(1, layout_.num_dims)));
    variables.push_back(variable(name + "outGateActs", shape, gate_rows, sweep.net_size(), gates_of(gates - 1, 1)));
    variables.push_back(variable(name + "states", shape, read(Variable::kState), h));
    if (with_errors) variables.push_back(variable(name + "cellErrors", shape, read(Variable::kCellError), h));
  }
}

template <class Real>
void EngineWorkspace<Real>::trace_top(std::size_t i, std::vector<TraceVariable>& variables, bool with_errors) {
  const Stage& stage = layout_.stages[i];
  StageBuffers& buffers = stages_[i];
  const Shape& shape = buffers.top_batch.shapes[0];
  const Index directions = stage.level.directions();
  std::vector<std::vector<Index>> columns(static_cast<std::size_t>(directions));
  std::vector<Index> gathered;
  for (Index j = 0; j < directions; ++j) {
    for (Index b = 0; b < num_points(stage.block); ++b) {
      for (Index u = 0; u < stage.level.hidden(); ++u) {
        columns[static_cast<std::size_t>(j)].push_back(NetworkLayout::top_column(stage, j, b, u));
      }
    }
  }
  for (const auto& own : columns) gathered.insert(gathered.end(), own.begin(), own.end());

  const Real* top = stage.block.empty() ? buffers.level.output() : buffers.top.data();
  const bool last = i + 1 == stages_.size();
  const Real* d_top = last ? nullptr : stage.subsample_size > 0 ? buffers.d_top.data() : stages_[i + 1].d_input.data();
  if (!stage.block.empty()) {
    for (Index j = 0; j < directions; ++j) {
      const std::string name = layout_.hidden_name(i, j) + "_block_";
      const auto& own = columns[static_cast<std::size_t>(j)];
      variables.push_back(variable(name + "activations", shape, top, stage.top_size, own));
      if (with_errors) variables.push_back(variable(name + "errors", shape, d_top, stage.top_size, own));
    }
  }
  if (stage.subsample_size > 0) {
    const Index size = stage.subsample_size;
    const std::string name = "subsample_" + layout_.level_number(i) + "_";
    variables.push_back(variable(name + "inputActivations", shape, buffers.subsample_net.data(), size));
    variables.push_back(variable(name + "outputActivations", shape, buffers.subsample.data(), size));
    if (with_errors) {
      variables.push_back(variable(name + "inputErrors", shape, buffers.d_subsample_net.data(), size));
      variables.push_back(variable(name + "outputErrors", shape, stages_[i + 1].d_input.data(), size));
    }
  } else if (!last) {
    const std::string name = "gather_" + layout_.level_number(i) + "_";
    variables.push_back(variable(name + "activations", shape, top, stage.top_size, gathered));
    if (with_errors) variables.push_back(variable(name + "errors", shape, d_top, stage.top_size, gathered));
  }
}

template <class Real>
void EngineWorkspace<Real>::trace_output(const PackedWeights<Real>& weights, std::vector<TraceVariable>& variables,
                                         bool with_errors) {
  const Index size = layout_.output_size;
  const Shape& shape = output_batch_.shapes[0];
  const Index points = output_batch_.points;
  if (layout_.collapse != Collapse::kNone) {
    // Our collapse layer sums before its product with the weights; RNNLIB's sums after it.
    const StageBuffers& last = stages_.back();
    const Index hidden = layout_.stages.back().level.output_size();
    const Index source_points = last.batch.points;
    std::vector<Real> inputs(static_cast<std::size_t>(source_points * size), Real(0));
    std::vector<Real> sums(static_cast<std::size_t>(points * size));
    add_product_nt<Real>({last.level.output(), source_points, hidden},
                         {weights.at(layout_.output_weights), size, hidden}, {inputs.data(), source_points, size});
    collapse_forward(last.batch, output_batch_, inputs.data(), size, sums.data());
    const Shape& source_shape = last.batch.shapes[0];
    variables.push_back(variable("output_collapse_inputActivations", source_shape, inputs.data(), size));
    variables.push_back(variable("output_collapse_outputActivations", shape, sums.data(), size));
    if (with_errors) {
      collapse_backward(last.batch, output_batch_, d_output_net_.data(), size, inputs.data());
      variables.push_back(variable("output_collapse_inputErrors", source_shape, inputs.data(), size));
      variables.push_back(variable("output_collapse_outputErrors", shape, d_output_net_.data(), size));
    }
  }
  variables.push_back(variable("output_inputActivations", shape, output_net_.data(), size));
  variables.push_back(variable("output_outputActivations", shape, output_.data(), size));
  if (with_errors) {
    variables.push_back(variable("output_inputErrors", shape, d_output_net_.data(), size));
    variables.push_back(variable("output_outputErrors", shape, d_output_.data(), size));
  }
}

// The reference's identity layers keep one array for net input and output, called activations.
template <class Real>
void EngineWorkspace<Real>::trace_identity(std::size_t i, Index j, std::vector<TraceVariable>& variables,
                                           bool with_errors) {
  StageBuffers& buffers = stages_[i];
  const LevelShape& level = layout_.stages[i].level;
  const Shape& shape = buffers.batch.shapes[0];
  const std::string name = layout_.hidden_name(i, j) + "_";
  const Index h = level.hidden();
  variables.push_back(
      variable(name + "activations", shape, buffers.level.output(), level.output_size(), range(j * h, h)));
  if (with_errors) {
    const std::size_t k = static_cast<std::size_t>(j);
    std::vector<Real> deltas(static_cast<std::size_t>(buffers.batch.points * h));
    buffers.level.sweep(k).read(level.sweeps[k], *buffers.schedule, SweepVariable::kDeltas, deltas.data());
    variables.push_back(variable(name + "errors", shape, deltas.data(), h));
  }
}

template <class Real>
void EngineWorkspace<Real>::trace_output_errors(std::size_t i, Index j, const std::string& name,
                                                std::vector<TraceVariable>& variables) {
  StageBuffers& buffers = stages_[i];
  const LevelShape& level = layout_.stages[i].level;
  const Shape& shape = buffers.batch.shapes[0];
  const Index h = level.hidden();
  std::vector<Real> rows(static_cast<std::size_t>(buffers.batch.points * h));
  const std::size_t k = static_cast<std::size_t>(j);
  buffers.level.sweep(k).read(level.sweeps[k], *buffers.schedule, SweepVariable::kOutputError, rows.data());
  variables.push_back(variable(name + "outputErrors", shape, rows.data(), h));
}

template std::vector<TraceVariable> EngineWorkspace<float>::trace(const PackedWeights<float>&, bool);
template std::vector<TraceVariable> EngineWorkspace<double>::trace(const PackedWeights<double>&, bool);

}  // namespace rnnlib
