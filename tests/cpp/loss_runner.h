// SPDX-License-Identifier: Apache-2.0
// Runs a loss on net inputs given as numbers, for tests.
#pragma once

#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "decode/task_decoder.h"
#include "loss/loss.h"
#include "rnnlib/spec.h"

namespace rnnlib::testing_losses {

inline NetworkSpec make_spec(Task task, Index classes_or_size) {
  NetworkSpec spec;
  spec.task = task;
  if (task == Task::kRegression || task == Task::kSequenceRegression) {
    spec.data.target_size = classes_or_size;
  } else {
    for (Index k = 0; k < classes_or_size; ++k) spec.data.labels.push_back("l" + std::to_string(k));
  }
  return spec;
}

inline Index units(const NetworkSpec& spec) {
  const Index labels = static_cast<Index>(spec.data.labels.size());
  if (spec.task == Task::kTranscription) return labels + 1;
  if (labels == 0) return spec.data.target_size;
  return labels == 2 ? 1 : labels;
}

template <class Real>
struct LossRun {
  std::vector<Real> output, d_net, d_output;
  SequenceErrors errors;
  std::map<std::string, SequenceErrors::Item> by_name;
  Prediction prediction;
  std::vector<TraceVariable> trace;

  double value(const std::string& name) const { return by_name.at(name).value; }
  double norm(const std::string& name) const { return by_name.at(name).norm; }
  double criterion() const { return errors.items.at(0).value; }
};

// `workspace` may have served other sequences.
template <class Real>
LossRun<Real> run_loss(const NetworkSpec& spec, const std::vector<double>& net, const Sequence& sequence,
                       LossWorkspace& workspace, const LossOptions& options = {}) {
  const std::vector<Real> net_inputs(net.begin(), net.end());
  LossRun<Real> run;
  run.output.resize(net.size());
  run.d_net.assign(net.size(), Real(77));  // must be overwritten, not added to
  run.d_output.assign(net.size(), Real(77));

  OutputView<Real> view;
  view.net = net_inputs.data();
  view.output = run.output.data();
  view.d_net = run.d_net.data();
  view.d_output = run.d_output.data();
  view.size = units(spec);
  view.points = static_cast<Index>(net.size()) / view.size;
  const bool whole = spec.task == Task::kSequenceRegression || spec.task == Task::kSequenceClassification;
  if (!whole) view.shape = {view.points};

  const auto loss = make_loss<Real>(spec.task, spec.data, options);
  loss->check_target(sequence, view.shape);
  loss->activate(view);
  loss->evaluate(view, sequence, workspace, run.errors);
  const std::vector<double> probabilities(run.output.begin(), run.output.end());
  decode(*make_decoder_run(task_info(spec.task).decoder, view.size), probabilities.data(), view.points, run.prediction);
  loss->count_errors(run.prediction.labels, sequence, workspace, run.errors);
  run.trace = loss->trace(view, sequence, workspace);
  for (const auto& item : run.errors.items) {
    run.by_name.emplace(loss->error_names().at(static_cast<std::size_t>(item.id)), item);
  }
  return run;
}

template <class Real>
LossRun<Real> run_loss(const NetworkSpec& spec, const std::vector<double>& net, const Sequence& sequence,
                       const LossOptions& options = {}) {
  LossWorkspace workspace;
  return run_loss<Real>(spec, net, sequence, workspace, options);
}

// Compares d_net with central differences of the criterion, in double.
template <class Expect>
void compare_with_differences(const NetworkSpec& spec, std::vector<double> net, const Sequence& sequence,
                              const Expect& expect) {
  constexpr double kStep = 1e-5;
  const auto run = run_loss<double>(spec, net, sequence);
  for (std::size_t i = 0; i < net.size(); ++i) {
    const double centre = net[i];
    net[i] = centre + kStep;
    const double above = run_loss<double>(spec, net, sequence).criterion();
    net[i] = centre - kStep;
    const double below = run_loss<double>(spec, net, sequence).criterion();
    net[i] = centre;
    expect(run.d_net[i], (above - below) / (2 * kStep), i);
  }
}

}  // namespace rnnlib::testing_losses
