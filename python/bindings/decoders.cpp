// SPDX-License-Identifier: Apache-2.0
// Decoders, and what they make of outputs that are given as numbers.
#include "bindings.h"
#include "gil.h"
#include "outputs.h"
#include "rnnlib/beam.h"

namespace rnnlib::python {
namespace {

Prediction decode_outputs(const Decoder& decoder, const OutputArray& outputs) {
  const PointOutputs given(outputs);
  const GilReleased released;
  return decode(decoder, given.values, given.points, given.units);
}

void register_beam(py::module_& m) {
  py::class_<BeamOptions>(m, "BeamOptions", "How wide a beam search is, and what it gives up.")
      .def(py::init<>())
      .def_readwrite("width", &BeamOptions::width)
      .def_readwrite("n_best", &BeamOptions::n_best)
      .def_readwrite("min_probability", &BeamOptions::min_probability)
      .def_readwrite("beam_threshold", &BeamOptions::beam_threshold)
      .def_readwrite("blank_threshold", &BeamOptions::blank_threshold)
      .def_readwrite("temperature", &BeamOptions::temperature)
      .def_readwrite("max_delay", &BeamOptions::max_delay);
  py::class_<BeamDecoder, Decoder, std::shared_ptr<BeamDecoder>>(m, "BeamDecoder", "Prefix beam search.")
      .def(py::init([](const BeamOptions& options, const std::shared_ptr<Scorer>& scorer) {
             return std::make_shared<BeamDecoder>(options, scorer);
           }),
           py::arg("options") = BeamOptions(), py::arg("scorer") = py::none());
}

}  // namespace

void register_decoders(py::module_& m) {
  py::class_<Decoder, std::shared_ptr<Decoder>> decoder(m, "Decoder", "Turns a network's outputs into labels.");
  decoder.def("decode", &decode_outputs, py::arg("outputs"), "Of outputs (points, units); the blank is the last unit.");
  refuse_pickling(decoder, "a decoder cannot be pickled; make it again from its options");
  py::class_<BestPathDecoder, Decoder, std::shared_ptr<BestPathDecoder>>(m, "BestPathDecoder", "Best path decoding.")
      .def(py::init<double>(), py::arg("temperature") = 1.0);
  register_beam(m);
}

}  // namespace rnnlib::python
