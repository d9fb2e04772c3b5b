// SPDX-License-Identifier: Apache-2.0
#include "layers/level_layer.h"

#include "layers/trace_rows.h"
#include "rnnlib/cell_info.h"

namespace rnnlib {

namespace {

// Directions of a level in their order: dimension 0 slowest, -1 before +1.
std::vector<unsigned> level_directions(const NetworkSpec& spec, int num_dims) {
  std::vector<unsigned> directions{0U};
  for (int d = 0; d < num_dims; ++d) {
    std::vector<unsigned> next;
    for (unsigned so_far : directions) {
      if (spec.bidirectional[static_cast<std::size_t>(d)]) next.push_back(so_far);
      next.push_back(so_far | (1U << d));
    }
    directions = next;
  }
  return directions;
}

// Layers running backwards in a symmetric dimension use the weights of the one that runs forwards in all dimensions,
// also in those that are not symmetric: so the reference's numbers say (golden case mdlstm_2d_half_symmetric).
std::size_t owner_of(const NetworkSpec& spec, const std::vector<unsigned>& directions, std::size_t direction,
                     int num_dims) {
  unsigned symmetric = 0;
  for (int d = 0; d < num_dims; ++d) {
    if (spec.symmetry[static_cast<std::size_t>(d)]) symmetric |= 1U << d;
  }
  return (~directions[direction] & symmetric) != 0 ? directions.size() - 1 : direction;
}

std::vector<int> signs(unsigned direction, int num_dims) {
  std::vector<int> result;
  for (int d = 0; d < num_dims; ++d) result.push_back(((direction >> d) & 1U) != 0 ? 1 : -1);
  return result;
}

// One step back along a dimension.
std::vector<int> delay(unsigned direction, int dim, int num_dims) {
  std::vector<int> result(static_cast<std::size_t>(num_dims), 0);
  result[static_cast<std::size_t>(dim)] = ((direction >> dim) & 1U) != 0 ? -1 : 1;
  return result;
}

// Rows of a connection in RNNLIB's order, all of a unit's gates (or peepholes) together; they lie apart: [gate][unit].
IndexMap rows_of_units(Index hidden, const std::vector<Index>& gates) {
  IndexMap rows;
  for (Index unit = 0; unit < hidden; ++unit) {
    for (Index gate : gates) rows.push_back(gate * hidden + unit);
  }
  return rows;
}

IndexMap gates_of_units(Index hidden, Index first, Index count) {
  IndexMap gates = identity_map(count);
  for (Index& gate : gates) gate += first;
  return rows_of_units(hidden, gates);
}

// The gates of a unit that have weights along a connection.
template <class Reads>
std::vector<Index> gates_that(const CellInfo& cell, const Reads& reads) {
  std::vector<Index> gates;
  for (std::size_t g = 0; g < cell.gates.size(); ++g) {
    if (reads(cell.gates[g])) gates.push_back(static_cast<Index>(g));
  }
  return gates;
}

// Their names; none where a unit has one input only.
std::vector<std::string> names_of(const CellInfo& cell, const std::vector<Index>& gates) {
  std::vector<std::string> names;
  if (cell.gates.size() == 1) return names;
  for (Index gate : gates) names.push_back(cell.gates[static_cast<std::size_t>(gate)].name);
  return names;
}

}  // namespace

LevelLayer::LevelLayer(const LayerContext& context)
    : LayerOf(context.below), directions(level_directions(context.spec, context.below.num_dims)) {
  const LevelSpec& spec = context.level_spec();
  const int dims = context.below.num_dims;
  shape.input_size = context.below.size;
  for (unsigned direction : directions) {
    shape.sweeps.push_back(make_sweep_shape(spec.type, spec.recurrent, shape.input_size, spec.size, dims, direction));
  }
  output_ = {shape.output_size(), dims, {}};
  for (std::size_t j = 0; j < directions.size(); ++j) add_direction(context, j);
}

void LevelLayer::add_direction(const LayerContext& context, std::size_t direction) {
  const int dims = context.below.num_dims;
  const Index number = static_cast<Index>(direction);
  const std::string name = context.hidden_name(number);
  LayerInfo info = context.level_info("hidden", name, to_string(context.level_spec().type), shape.hidden());
  info.directions = signs(directions[direction], dims);
  info.direction = number;
  infos_.push_back(std::move(info));
  IndexMap columns = identity_map(shape.hidden());
  for (Index& column : columns) column += number * shape.hidden();
  output_.parts.push_back({name, std::move(columns), number});

  const std::size_t owner = owner_of(context.spec, directions, direction, dims);
  place_matrix(context, direction, context.hidden_name(static_cast<Index>(owner)));
  place_peepholes(context, direction);
}

void LevelLayer::place_matrix(const LayerContext& context, std::size_t direction, const std::string& owner) {
  const int dims = context.below.num_dims;
  const SweepShape& sweep = shape.sweeps[direction];
  const std::string name = context.hidden_name(static_cast<Index>(direction));
  const CellInfo cell = cell_info(sweep.type, dims);
  const Index matrix = context.weights.take(sweep.matrix_elements());
  shape.matrices.push_back(matrix);
  const auto place = [&](const Connection& own, const Connection& tied, const IndexMap& units, Index first_row,
                         const auto& reads) {
    Connection connection = own;
    connection.owner = tied.name;
    const std::vector<Index> gates = gates_that(cell, reads);
    connection.gates = names_of(cell, gates);
    IndexMap rows = units;
    for (Index& row : rows) row = (first_row + row) * sweep.net_stride();
    context.weights.place(connection, {rows_of_units(sweep.hidden, gates), rows, matrix, 1});
  };
  using Kind = ConnectionKind;
  const std::string& source = context.source();
  place(make_connection(Kind::kBias, "", name), make_connection(Kind::kBias, "", owner), {0}, 0,
        [](const Gate&) { return true; });
  place(make_connection(Kind::kFull, source, name), make_connection(Kind::kFull, source, owner),
        context.below.parts.front().columns, 1, [](const Gate& gate) { return gate.reads_input; });
  if (!sweep.recurrent) return;
  const unsigned owner_direction = directions[owner_of(context.spec, directions, direction, dims)];
  for (int d = 0; d < dims; ++d) {
    place(make_connection(Kind::kRecurrent, name, name, delay(directions[direction], d, dims)),
          make_connection(Kind::kRecurrent, owner, owner, delay(owner_direction, d, dims)), identity_map(sweep.hidden),
          1 + shape.input_size + d * sweep.hidden,
          [&](const Gate& gate) { return gate.reads_before[static_cast<std::size_t>(d)]; });
  }
}

void LevelLayer::place_peepholes(const LayerContext& context, std::size_t direction) {
  const SweepShape& sweep = shape.sweeps[direction];
  const Index peepholes = context.weights.take(sweep.peephole_elements());
  shape.peepholes.push_back(peepholes);
  if (sweep.peepholes == 0) return;
  const std::string name = context.hidden_name(static_cast<Index>(direction));
  Connection connection = make_connection(ConnectionKind::kPeephole, name, name);
  connection.gates = cell_info(sweep.type, context.below.num_dims).peepholes;
  context.weights.place(connection, {gates_of_units(sweep.hidden, 0, sweep.peepholes), {0}, peepholes, 1});
}

double LevelLayer::wave_width(const Shape& input) const {
  double points = 1;
  double waves = 1;
  for (Index size : input) {
    points *= static_cast<double>(size);
    waves += static_cast<double>(size) - 1;
  }
  return points / std::max(waves, 1.0);
}

template <class Real>
PackedLevel<Real>::PackedLevel(const LevelLayer& layer) : shape_(layer.shape) {
  weights.prepare(shape_);
}

template <class Real>
Index PackedLevel<Real>::elements(const LevelLayer& layer) {
  return LevelWeights<Real>::elements(layer.shape);
}

template <class Real>
LevelState<Real>::LevelState(const LevelLayer& layer) : LayerState<Real>(layer), level_(layer) {}

template <class Real>
void LevelState<Real>::find_schedule(ScheduleCache& schedules) {
  const BatchShape& batch = this->input_batch_;
  schedule_ = level_.shape.pointwise() ? schedules.get_unordered(batch.points)
                                       : schedules.get(batch, level_.output().num_dims, level_.directions);
}

template <class Real>
void LevelState<Real>::size_buffers(const Pass<Real>& pass, BufferSizer& size) {
  if (!size.measures()) return;  // its sweeps do that, when they know the schedule
  const BatchShape& batch = this->input_batch_;
  const bool pointwise = level_.shape.pointwise();
  const SweepExtent extent = pointwise ? largest_extent(batch.points) : largest_extent(batch);
  sweeps_.size_buffers(level_.shape, extent, pass.keep, size);
  size.add(WaveSchedule::bytes(extent.points, extent.waves, pointwise ? 0 : level_.output().num_dims,
                               pointwise ? 1 : level_.shape.directions()));
}

template <class Real>
const LevelWeights<Real>& level_weights(const LayerWeights<Real>* weights) {
  return static_cast<const PackedLevel<Real>*>(weights)->weights;
}

template <class Real>
void LevelState<Real>::forward(const Pass<Real>& pass, const LayerWeights<Real>* weights, const Real* input,
                               Real* output) {
  sweeps_.forward(level_.shape, level_weights(weights), *schedule_, input, output, pass.keep);
}

template <class Real>
void LevelState<Real>::backward(const Pass<Real>& pass, const LayerWeights<Real>* weights, const LayerRows<Real>& rows,
                                Real* d_weights) {
  sweeps_.backward(level_.shape, level_weights(weights), *schedule_, rows, pass.limit, d_weights);
}

template <class Real>
std::vector<Real> LevelState<Real>::read(std::size_t direction, SweepVariable variable) const {
  const SweepShape& sweep = level_.shape.sweeps[direction];
  std::vector<Real> rows(static_cast<std::size_t>(this->input_batch_.points * sweep.net_size()));
  sweeps_.sweep(direction).read(sweep, *schedule_, variable, rows.data());
  return rows;
}

template <class Real>
void LevelState<Real>::trace(const LayerRows<Real>& rows, std::vector<TraceVariable>& variables) const {
  for (std::size_t j = 0; j < level_.shape.sweeps.size(); ++j) {
    if (level_.shape.type() == HiddenType::kIdentity) {
      trace_identity(j, rows, variables);
    } else {
      trace_hidden(j, rows, variables);
    }
  }
}

template <class Real>
void LevelState<Real>::trace_hidden(std::size_t direction, const LayerRows<Real>& rows,
                                    std::vector<TraceVariable>& variables) const {
  using Variable = SweepVariable;
  const SweepShape& sweep = level_.shape.sweeps[direction];
  const OutputPart& part = level_.output().parts[direction];
  const Shape& shape = this->input_batch_.shapes[0];
  const bool with_errors = rows.d_output != nullptr;
  const Index h = sweep.hidden;
  const auto add_gates = [&](const std::string& name, const std::vector<Real>& values, Index first, Index count) {
    variables.push_back(
        traced(part.layer + name, shape, values.data(), sweep.net_size(), gates_of_units(h, first, count)));
  };
  const auto add_units = [&](const char* name, Variable variable) {
    variables.push_back(traced(part.layer + name, shape, read(direction, variable).data(), h));
  };
  add_gates("_inputActivations", read(direction, Variable::kNet), 0, sweep.gates);
  variables.push_back(
      traced(part.layer + "_outputActivations", shape, rows.output, level_.output().size, part.columns));
  if (with_errors) add_gates("_inputErrors", read(direction, Variable::kDeltas), 0, sweep.gates);
  if (with_errors) add_units("_outputErrors", Variable::kOutputError);
  if (!sweep.has_state) return;
  const std::vector<Real> gates = read(direction, Variable::kGates);
  for (const GateVariable& v : cell_info(sweep.type, level_.output().num_dims).variables) {
    add_gates("_" + v.name, gates, v.first, v.count);
  }
  add_units("_states", Variable::kState);
  if (with_errors) add_units("_cellErrors", Variable::kCellError);
}

// The reference's identity layers keep one array for net input and output, called activations.
template <class Real>
void LevelState<Real>::trace_identity(std::size_t direction, const LayerRows<Real>& rows,
                                      std::vector<TraceVariable>& variables) const {
  const OutputPart& part = level_.output().parts[direction];
  const Shape& shape = this->input_batch_.shapes[0];
  variables.push_back(traced(part.layer + "_activations", shape, rows.output, level_.output().size, part.columns));
  if (rows.d_output == nullptr) return;
  variables.push_back(traced(part.layer + "_errors", shape, read(direction, SweepVariable::kDeltas).data(),
                             level_.shape.sweeps[direction].hidden));
}

template <class Real>
LevelStream<Real>::LevelStream(const LevelLayer& layer) : shape_(layer.shape) {
  output_.resize(shape_.output_size());
}

template <class Real>
const Real* LevelStream<Real>::step(const Pass<Real>&, const LayerWeights<Real>* weights, const Real* input) {
  level_.step(shape_, level_weights(weights), input, output_.data());
  return output_.data();
}

template class PackedLevel<float>;
template class PackedLevel<double>;
template class LevelState<float>;
template class LevelState<double>;
template class LevelStream<float>;
template class LevelStream<double>;

}  // namespace rnnlib
