// SPDX-License-Identifier: Apache-2.0
#include "bindings.h"
#include "gil.h"
#include "one_thread.h"

namespace rnnlib::python {

namespace {

// A stream that keeps its network alive.
class PyStream {
 public:
  explicit PyStream(py::object network) : network_(std::move(network)), stream_(network_.cast<const Network&>()) {}

  py::tuple push(const py::array_t<float, py::array::c_style | py::array::forcecast>& inputs) {
    if (inputs.ndim() != 2) {
      throw DataError("a chunk of a stream needs the shape (points, inputs per point), found " +
                      std::to_string(inputs.ndim()) + " dimensions");
    }
    const float* values = inputs.data();
    const Index points = inputs.shape(0);
    const Index size = inputs.shape(1);
    return run([&]() -> const StreamOutput& { return stream_.push(values, points, size); });
  }
  py::tuple finish() {
    return run([&]() -> const StreamOutput& { return stream_.finish(); });
  }
  void reset() {
    const OneThread::Use use(user_, kName);
    stream_.reset();
  }
  void set_raw(bool raw) {
    const OneThread::Use use(user_, kName);
    stream_.set_raw(raw);
  }
  void set_decoder(const std::shared_ptr<Decoder>& decoder) {
    const OneThread::Use use(user_, kName);
    stream_.set_decoder(decoder);
  }

 private:
  static constexpr const char* kName = "Stream";

  // The stream is this thread's until what it gave, which lies in it, has been copied.
  template <class Work>
  py::tuple run(const Work& work) {
    const OneThread::Use use(user_, kName);
    return to_tuple(without_gil(work));
  }
  template <class Work>
  static const StreamOutput& without_gil(const Work& work) {
    const GilReleased released;
    return work();
  }

  static py::tuple to_tuple(const StreamOutput& output) {
    return py::make_tuple(output.first_point, python::to_array(output.outputs, {output.points, output.size}),
                          output.labels, output.label_points);
  }

  py::object network_;
  Stream stream_;
  OneThread user_;
};

}  // namespace

void register_stream(py::module_& m) {
  py::class_<PyStream> stream(m, "Stream", "Prediction of a sequence that is still coming in.");
  stream.def(py::init<py::object>(), py::arg("network"))
      .def("push", &PyStream::push, py::arg("inputs"), "first point, outputs, labels, points where labels begin")
      .def("finish", &PyStream::finish)
      .def("reset", &PyStream::reset)
      .def("set_raw", &PyStream::set_raw, py::arg("raw"))
      .def("set_decoder", &PyStream::set_decoder, py::arg("decoder"));
  refuse_pickling(stream,
                  "a Stream holds a sequence under way and cannot be pickled or copied; pickle its Network, and call "
                  "stream() where it is loaded");
}

}  // namespace rnnlib::python
