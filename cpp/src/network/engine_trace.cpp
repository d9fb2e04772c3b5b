// SPDX-License-Identifier: Apache-2.0
// Traces of one sequence: all variables of all layers, with the errors of its target, or with the derivatives of chosen
// outputs (a Jacobian).
#include <algorithm>
#include <limits>

#include "network/engine.h"
#include "network/run_in_memory.h"

namespace rnnlib {

namespace {

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

#define RNNLIB_INSTANTIATE(Real)                                                                                      \
  template std::vector<TraceVariable> Engine<Real>::trace(const Model&, const Sequence&) const;                       \
  template std::vector<TraceVariable> Engine<Real>::jacobian(const Model&, const Sequence&, const OutputCoordinates&) \
      const;
RNNLIB_INSTANTIATE(float)
RNNLIB_INSTANTIATE(double)
#undef RNNLIB_INSTANTIATE

}  // namespace rnnlib
