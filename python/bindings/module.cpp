// SPDX-License-Identifier: Apache-2.0
// rnnlib_py._core: the only door into the engine.
#include "bindings.h"

namespace {

pybind11::dict build_info() {
  pybind11::dict info;
  info["version"] = RNNLIB_VERSION;
#if defined(__clang__)
  info["compiler"] = __VERSION__;  // names itself
#elif defined(__GNUC__)
  info["compiler"] = "GCC " __VERSION__;
#elif defined(_MSC_FULL_VER)
  info["compiler"] = "MSVC " + std::to_string(_MSC_FULL_VER);
#endif
  info["threads"] = rnnlib::has_threads();
  info["isa"] = rnnlib::instruction_set();
  info["eigen"] = rnnlib::eigen_version();
  return info;
}

}  // namespace

PYBIND11_MODULE(_core, m) {
  using namespace rnnlib::python;  // NOLINT(google-build-using-namespace)
  m.doc() = "The engine of rnnlib_py. Private: use the names of rnnlib_py.";
  m.attr("__version__") = RNNLIB_VERSION;
  // Messages, reprs and pickles name classes as rnnlib_py shows them; pybind11 takes this for their module.
  m.attr("__module__") = "rnnlib_py";
  register_errors(m);
  register_files(m);
  register_random(m);
  register_config(m);
  register_tasks(m);
  register_sequences(m);
  register_graph(m);
  register_decoders(m);
  register_posteriors(m);
  register_network(m);
  register_backpropagation(m);
  register_stream(m);
  register_trainer(m);
  register_augmentation(m);
  register_save(m);
  register_language(m);
  register_more_scorers(m);
  register_token_passing(m);
  register_benchmark(m);
  register_c_table(m);
  register_recipe(m);
  m.def("build_info", &build_info, "How this module was built: version, compiler, threads, isa, eigen.");
  pybind11::delattr(m, "__module__");
}
