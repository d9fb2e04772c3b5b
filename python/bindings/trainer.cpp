// SPDX-License-Identifier: Apache-2.0
#include <pybind11/functional.h>

#include "bindings.h"

namespace rnnlib::python {

namespace {

Trainer make_trainer(Network& network, const Config& config, int threads) {
  TrainerOptions options = make_trainer_options(config);
  options.run = {threads, config.get_bool("verbose"), config.get_bool("confusionMatrix")};
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

}  // namespace

void register_trainer(py::module_& m) {
  py::class_<Trainer>(m, "Trainer", "Gradients, penalties and optimiser steps; the caller runs the epochs.")
      .def(py::init(&make_trainer), py::arg("network"), py::arg("config"), py::arg("threads") = 1,
           py::keep_alive<1, 2>())
      .def_property_readonly("batch_learn", [](const Trainer& t) { return t.options().batch_learn; })
      .def_property_readonly("seqs_per_update", [](const Trainer& t) { return t.options().seqs_per_update; })
      .def_property_readonly("optimiser", &Trainer::optimiser_name)
      .def("begin_epoch", &Trainer::begin_epoch, py::arg("sequences_in_epoch"))
      .def("train", &train, py::arg("batch"), py::arg("progress") = py::none())
      .def("end_epoch",
           [](Trainer& self) {
             Metrics metrics;
             {
               const py::gil_scoped_release release;
               metrics = self.end_epoch();
             }
             return metrics.errors();
           })
      .def("skipped", &Trainer::skipped)
      .def("penalties", &Trainer::penalties);
}

}  // namespace rnnlib::python
