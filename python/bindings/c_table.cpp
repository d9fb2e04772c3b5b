// SPDX-License-Identifier: Apache-2.0
#include "c_table.h"

#include <memory>

#include "bindings.h"
#include "rnnlib/c_handle.h"

namespace rnnlib::python {

namespace {

constexpr rnnlib_c_table kTable = {
    RNNLIB_C_ABI_VERSION,
    sizeof(rnnlib_c_table),
    &rnnlib_last_error,
    &rnnlib_network_num_dims,
    &rnnlib_network_input_size,
    &rnnlib_network_output_size,
    &rnnlib_network_num_output_dims,
    &rnnlib_network_output_shape,
    &rnnlib_network_normalise,
    &rnnlib_workspace_new,
    &rnnlib_workspace_free,
    &rnnlib_workspace_set_raw,
    &rnnlib_workspace_run,
};

void free_handle(PyObject* capsule) {
  rnnlib_network_free(static_cast<rnnlib_network*>(PyCapsule_GetPointer(capsule, RNNLIB_C_NETWORK_NAME)));
}

// The handle borrows: whoever uses it keeps the Python object.
py::capsule c_network(const Network& network) {
  const std::shared_ptr<const Network> borrowed(std::shared_ptr<const Network>(), &network);
  return py::capsule(make_c_handle(borrowed), RNNLIB_C_NETWORK_NAME, &free_handle);
}

}  // namespace

void register_c_table(py::module_& m) {
  m.attr("_c_table") = py::capsule(&kTable, RNNLIB_C_TABLE_NAME);
  m.def("_c_network", &c_network, py::arg("network"),
        "A capsule with a handle of the C interface; borrows the network.");
}

}  // namespace rnnlib::python
