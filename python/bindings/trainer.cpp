// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <utility>

#include "gil.h"
#include "python_ranks.h"
#include "trainer.h"

namespace rnnlib::python {

namespace {

constexpr const char* kName = "Trainer";

std::unique_ptr<PyTrainer> make_trainer(Network& network, const Config& config, int threads, std::uint64_t seed,
                                        std::optional<double> constant_noise, const std::shared_ptr<Decoder>& decoder,
                                        const py::object& ranks) {
  TrainerOptions options = make_trainer_options(config);
  options.run.threads = threads;
  options.seed = seed;
  options.constant_noise = constant_noise;
  options.run.decoder = decoder;
  if (!ranks.is_none()) options.ranks = std::make_shared<PythonRanks>(ranks);
  return std::make_unique<PyTrainer>(network, options);
}

// A method of the trainer's for Python: on one thread at a time, without the GIL.
template <class Result, class... Arguments>
auto alone(Result (Trainer::*method)(Arguments...) const) {
  return [method](const PyTrainer& trainer, Arguments... arguments) {
    const OneThread::Use use(trainer.user, kName);
    const GilReleased released;
    return (trainer.*method)(std::forward<Arguments>(arguments)...);
  };
}
template <class Result, class... Arguments>
auto alone(Result (Trainer::*method)(Arguments...)) {
  return [method](PyTrainer& trainer, Arguments... arguments) {
    const OneThread::Use use(trainer.user, kName);
    const GilReleased released;
    return (trainer.*method)(std::forward<Arguments>(arguments)...);
  };
}

// Signals are looked at between updates even without a callback: Ctrl-C must work. An exception of the callback or of a
// signal handler stops the run at an update and is thrown to the caller.
Index train(PyTrainer& trainer, const SequenceBatch& batch, const py::object& progress) {
  const OneThread::Use use(trainer.user, kName);
  GilReleased released;
  return trainer.train(batch.sequences(), [&](Index done, const Metrics& running) {
    return released.with_gil([&] {
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
      if (progress.is_none()) return true;
      const py::tuple arguments = py::make_tuple(done, running.errors());
      PyObject* const answer = call_python([&] { return PyObject_CallObject(progress.ptr(), arguments.ptr()); });
      if (answer == nullptr) throw py::error_already_set();
      return py::reinterpret_steal<py::object>(answer).cast<bool>();
    });
  });
}

std::vector<NamedError> finish_updates(PyTrainer& trainer) { return alone(&Trainer::finish_updates)(trainer).errors(); }

std::vector<NamedError> end_epoch(PyTrainer& trainer) { return alone(&Trainer::end_epoch)(trainer).errors(); }

py::tuple evaluate(PyTrainer& trainer, const SequenceBatch& batch) {
  const OneThread::Use use(trainer.user, kName);
  Metrics metrics;
  std::vector<SkippedTarget> skipped;
  {
    const GilReleased released;
    metrics = trainer.evaluate(batch.sequences(), &skipped);
  }
  return py::make_tuple(metrics.errors(), skipped);
}

py::object noise_statistics(PyTrainer& trainer) {
  const std::optional<NoiseStatistics> found = alone(&Trainer::noise_statistics)(trainer);
  if (!found) return py::none();
  py::dict result;
  result["priorMean"] = found->prior_mean;
  result["priorStdDev"] = found->prior_std_dev;
  result["meanStdDev"] = found->mean_std_dev;
  result["belowNoise"] = found->below_noise;
  return result;
}

std::pair<Index, Index> sequences_done(PyTrainer& trainer) {
  const std::optional<EpochState> epoch = alone(&Trainer::state)(trainer).epoch;
  return epoch ? std::pair{epoch->done, epoch->sequences} : std::pair<Index, Index>{0, 0};
}

}  // namespace

void register_trainer(py::module_& m) {
  py::class_<PyTrainer> trainer(m, "Trainer",
                                "Gradients, perturbations, penalties and optimiser steps; the caller runs the epochs.");
  trainer
      .def(py::init(&make_trainer), py::arg("network"), py::arg("config"), py::arg("threads") = 1, py::arg("seed") = 1,
           py::arg("constant_noise") = py::none(), py::arg("decoder") = py::none(), py::arg("ranks") = py::none(),
           py::keep_alive<1, 2>())
      .def_property_readonly("batch_learn", [](const PyTrainer& t) { return t.options().batch_learn; })
      .def_property_readonly("seqs_per_update", [](const PyTrainer& t) { return t.options().seqs_per_update; })
      .def_property_readonly("optimiser", alone(&Trainer::optimiser_name))
      .def_property_readonly("may_store", alone(&Trainer::may_store))
      .def("begin_epoch", alone(&Trainer::begin_epoch), py::arg("sequences_in_epoch"))
      .def("train", &train, py::arg("batch"), py::arg("progress") = py::none())
      .def("finish_updates", &finish_updates)
      .def("end_epoch", &end_epoch)
      .def("evaluate", &evaluate, py::arg("batch"))
      .def("set_learn_rate_factor", alone(&Trainer::set_learn_rate_factor), py::arg("factor"))
      .def("noise_statistics", &noise_statistics, "With mdl: priorMean, priorStdDev, meanStdDev, belowNoise.")
      .def("sequences_done", &sequences_done, "Of the epoch under way, and all of it; 0, 0 between epochs.")
      .def("skipped", [](const PyTrainer& t) {
        const OneThread::Use use(t.user, kName);
        return t.skipped();
      });
  refuse_pickling(trainer,
                  "a Trainer belongs to the network it trains and cannot be pickled or copied; pickle the Network, or "
                  "write a save, which holds the trainer's state");
}

}  // namespace rnnlib::python
