// SPDX-License-Identifier: Apache-2.0
#include <pybind11/functional.h>

#include <optional>
#include <utility>

#include "bindings.h"

namespace rnnlib::python {

namespace {

Trainer make_trainer(Network& network, const Config& config, int threads, std::uint64_t seed,
                     std::optional<double> constant_noise) {
  TrainerOptions options = make_trainer_options(config);
  options.run.threads = threads;
  options.seed = seed;
  options.constant_noise = constant_noise;
  return {network, options};
}

// Signals are looked at between updates even without a callback: Ctrl-C must work. An exception of the callback or of a
// signal handler stops the run at an update and is thrown to the caller.
Index train(Trainer& trainer, const SequenceBatch& batch, const py::object& progress) {
  const auto between_updates = [&](Index done, const Metrics& running) {
    const py::gil_scoped_acquire acquire;
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    return progress.is_none() || progress(done, running.errors()).cast<bool>();
  };
  const py::gil_scoped_release release;
  return trainer.train(batch.sequences(), between_updates);
}

std::vector<NamedError> finish_updates(Trainer& trainer) {
  const py::gil_scoped_release release;
  return trainer.finish_updates().errors();
}

std::vector<NamedError> end_epoch(Trainer& trainer) {
  const py::gil_scoped_release release;
  return trainer.end_epoch().errors();
}

py::tuple evaluate(Trainer& trainer, const SequenceBatch& batch) {
  Metrics metrics;
  std::vector<SkippedTarget> skipped;
  {
    const py::gil_scoped_release release;
    metrics = trainer.evaluate(batch.sequences(), &skipped);
  }
  return py::make_tuple(metrics.errors(), skipped);
}

py::object noise_statistics(const Trainer& trainer) {
  const std::optional<NoiseStatistics> found = trainer.noise_statistics();
  if (!found) return py::none();
  py::dict result;
  result["priorMean"] = found->prior_mean;
  result["priorStdDev"] = found->prior_std_dev;
  result["meanStdDev"] = found->mean_std_dev;
  result["belowNoise"] = found->below_noise;
  return result;
}

std::pair<Index, Index> sequences_done(const Trainer& trainer) {
  const std::optional<EpochState> epoch = trainer.state().epoch;
  return epoch ? std::pair{epoch->done, epoch->sequences} : std::pair<Index, Index>{0, 0};
}

}  // namespace

void register_trainer(py::module_& m) {
  py::class_<Trainer> trainer(m, "Trainer",
                              "Gradients, noises, penalties and optimiser steps; the caller runs the epochs.");
  trainer
      .def(py::init(&make_trainer), py::arg("network"), py::arg("config"), py::arg("threads") = 1, py::arg("seed") = 1,
           py::arg("constant_noise") = py::none(), py::keep_alive<1, 2>())
      .def_property_readonly("batch_learn", [](const Trainer& t) { return t.options().batch_learn; })
      .def_property_readonly("seqs_per_update", [](const Trainer& t) { return t.options().seqs_per_update; })
      .def_property_readonly("optimiser", &Trainer::optimiser_name)
      .def_property_readonly("may_store", &Trainer::may_store)
      .def("begin_epoch", &Trainer::begin_epoch, py::arg("sequences_in_epoch"))
      .def("train", &train, py::arg("batch"), py::arg("progress") = py::none())
      .def("finish_updates", &finish_updates)
      .def("end_epoch", &end_epoch)
      .def("evaluate", &evaluate, py::arg("batch"))
      .def("set_learn_rate_factor", &Trainer::set_learn_rate_factor, py::arg("factor"))
      .def("noise_statistics", &noise_statistics, "With mdl: priorMean, priorStdDev, meanStdDev, belowNoise.")
      .def("sequences_done", &sequences_done, "Of the epoch under way, and all of it; 0, 0 between epochs.")
      .def("skipped", &Trainer::skipped);
  refuse_pickling(trainer,
                  "a Trainer belongs to the network it trains and cannot be pickled or copied; pickle the Network, or "
                  "write a save, which holds the trainer's state");
}

}  // namespace rnnlib::python
