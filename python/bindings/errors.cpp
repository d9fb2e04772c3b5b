// SPDX-License-Identifier: Apache-2.0
// The one place that maps the engine's errors to Python's; each is also the natural builtin.
#include "bindings.h"

namespace rnnlib::python {

namespace {

py::object make_error(py::module_& m, const char* name, const char* doc, const py::tuple& bases) {
  const std::string qualified = std::string("rnnlib_py.") + name;
  auto error =
      py::reinterpret_steal<py::object>(PyErr_NewExceptionWithDoc(qualified.c_str(), doc, bases.ptr(), nullptr));
  if (!error) throw py::error_already_set();
  m.attr(name) = error;
  return error;
}

PyObject* g_error = nullptr;
PyObject* g_config = nullptr;
PyObject* g_data = nullptr;
PyObject* g_format = nullptr;
PyObject* g_io = nullptr;
PyObject* g_numeric = nullptr;
PyObject* g_out_of_memory = nullptr;

// Messages may hold file names, which are any bytes: they become what Python makes of such names.
void raise(PyObject* type, const std::exception& error) { PyErr_SetObject(type, py::cast(Text{error.what()}).ptr()); }

}  // namespace

void register_errors(py::module_& m) {
  const auto builtin = [](PyObject* type) { return py::reinterpret_borrow<py::object>(type); };
  const py::object error =
      make_error(m, "Error", "Every error of rnnlib_py.", py::make_tuple(builtin(PyExc_Exception)));
  const auto child = [&](const char* name, const char* doc, PyObject* type) {
    return make_error(m, name, doc, py::make_tuple(error, builtin(type))).release().ptr();
  };
  g_error = error.inc_ref().ptr();
  g_config = child("ConfigError", "A config key or value is wrong.", PyExc_ValueError);
  g_data = child("DataError", "Data do not fit: shapes, sizes, classes, files that do not match.", PyExc_ValueError);
  g_format = child("FormatError", "A file is not what its format says.", PyExc_ValueError);
  g_io = child("IoError", "The operating system refused: missing file, no permission, disk full.", PyExc_OSError);
  g_numeric = child("NumericError", "NaN or infinite numbers came up.", PyExc_ArithmeticError);
  g_out_of_memory = child("OutOfMemoryError", "There is less memory than a sequence needs.", PyExc_MemoryError);

  py::register_exception_translator([](std::exception_ptr p) {
    try {
      if (p) std::rethrow_exception(p);
    } catch (const ConfigError& e) {
      raise(g_config, e);
    } catch (const DataError& e) {
      raise(g_data, e);
    } catch (const FormatError& e) {
      raise(g_format, e);
    } catch (const IoError& e) {
      raise(g_io, e);
    } catch (const NumericError& e) {
      raise(g_numeric, e);
    } catch (const OutOfMemoryError& e) {
      raise(g_out_of_memory, e);
    } catch (const Error& e) {
      raise(g_error, e);
    }
  });
}

}  // namespace rnnlib::python
