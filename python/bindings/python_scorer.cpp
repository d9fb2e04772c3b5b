// SPDX-License-Identifier: Apache-2.0
// The engine's states are numbers: each run has a table of Python's states.
#include "python_scorer.h"

#include <cmath>
#include <limits>
#include <unordered_map>

#include "python_objects.h"

namespace rnnlib::python {
namespace {

struct States {
  struct Entry {
    py::object object;
    Index times_given = 0;
  };

  py::dict numbers;                          // state -> its number
  std::unordered_map<Index, Entry> entries;  // by number
  Index next = 0;
};

class PythonScorerRun final : public ScorerRun {
 public:
  explicit PythonScorerRun(std::shared_ptr<PythonScorer::Objects> objects) : objects_(std::move(objects)) {
    const GilTaken taken;
    states_ = with_gil_at_end(new States);
  }

  State start() override {
    const GilTaken taken;
    return number_of(call("start"));
  }

  double extend(State from, Index label, State& to) override {
    const GilTaken taken;
    const py::object& name = objects_->labels.at(static_cast<std::size_t>(label));
    const py::object answer = call("extend", state(from), name);
    if (!py::isinstance<py::tuple>(answer) || py::len(answer) != 2) {
      throw py::type_error("a scorer's extend(state, label) must return a tuple (score, state), found " +
                           py::repr(answer).cast<std::string>());
    }
    const auto pair = py::reinterpret_borrow<py::tuple>(answer);
    const double score = number(pair[0], "extend");
    if (score > -std::numeric_limits<double>::infinity()) to = number_of(pair[1]);
    return score;
  }

  double finish(State from) override {
    const GilTaken taken;
    return number(call("finish", state(from)), "finish");
  }

  // Without the GIL, which is taken again and again anyway.
  void forget(State state) override { forgotten_.push_back(state); }

 private:
  template <class... Arguments>
  py::object call(const char* method, const Arguments&... arguments) {
    return call_method(objects_->scorer, method, arguments...);
  }

  const py::object& state(State number) const { return states_->entries.at(number).object; }

  State number_of(const py::object& state) {
    forget_now();
    States& states = *states_;
    PyObject* const known = PyDict_GetItemWithError(states.numbers.ptr(), state.ptr());
    if (known == nullptr && PyErr_Occurred() != nullptr) throw py::error_already_set();  // it cannot be hashed
    const State number = known == nullptr ? states.next++ : py::handle(known).cast<State>();
    if (known == nullptr) states.numbers[state] = number;
    States::Entry& entry = states.entries[number];
    if (known == nullptr) entry.object = state;
    ++entry.times_given;
    return number;
  }

  void forget_now() {
    States& states = *states_;
    for (State number : forgotten_) {
      const auto entry = states.entries.find(number);
      if (--entry->second.times_given > 0) continue;
      const py::object object = entry->second.object;
      states.entries.erase(entry);
      if (PyDict_DelItem(states.numbers.ptr(), object.ptr()) != 0) throw py::error_already_set();
    }
    forgotten_.clear();
  }

  static double number(const py::object& value, const char* method) {
    const double found = PyFloat_AsDouble(value.ptr());
    if (found == -1 && PyErr_Occurred() != nullptr) throw py::error_already_set();
    if (std::isnan(found) || found == std::numeric_limits<double>::infinity()) {
      throw DataError(std::string("a scorer's ") + method + "() gave " + py::repr(value).cast<std::string>() +
                      "; expected a logarithm of a probability, or -inf");
    }
    return found;
  }

  std::shared_ptr<PythonScorer::Objects> objects_;
  std::shared_ptr<States> states_;
  std::vector<State> forgotten_;  // that are still in the table
};

std::shared_ptr<NetworkScorer> make_network_scorer(const py::object& network, const std::vector<Text>& labels,
                                                   double weight, double label_bonus, double unknown_score) {
  const std::shared_ptr<py::object> keeper = with_gil_at_end(new py::object(network));
  const std::shared_ptr<const Network> held(keeper, &network.cast<const Network&>());
  std::vector<std::string> names;
  for (const Text& label : labels) names.push_back(label.value);
  return std::make_shared<NetworkScorer>(held, names, NetworkScorerOptions{weight, label_bonus, unknown_score});
}

}  // namespace

PythonScorer::PythonScorer(py::object scorer, const std::vector<Text>& labels)
    : objects_(with_gil_at_end(new Objects)) {
  objects_->scorer = std::move(scorer);
  for (const Text& label : labels) objects_->labels.push_back(py::cast(label));
}

PythonScorer::~PythonScorer() = default;

std::unique_ptr<ScorerRun> PythonScorer::begin() const { return std::make_unique<PythonScorerRun>(objects_); }

void register_more_scorers(py::module_& m) {
  py::class_<PythonScorer, Scorer, std::shared_ptr<PythonScorer>>(m, "PythonScorer", "A scorer written in Python.")
      .def(py::init<py::object, const std::vector<Text>&>(), py::arg("scorer"), py::arg("labels"));
  py::class_<NetworkScorer, Scorer, std::shared_ptr<NetworkScorer>>(m, "NetworkScorer", "A network as language model.")
      .def(py::init(&make_network_scorer), py::arg("network"), py::arg("labels"), py::arg("weight") = 1.0,
           py::arg("label_bonus") = 0.0, py::arg("unknown_score") = -20.0)
      .def_property_readonly("unknown", [](const NetworkScorer& self) {
        std::vector<Text> labels;
        for (const std::string& label : self.unknown()) labels.push_back({label});
        return labels;
      });
  py::class_<SumScorer, Scorer, std::shared_ptr<SumScorer>>(m, "SumScorer", "Adds up what several scorers say.")
      .def(py::init([](const std::vector<std::pair<std::shared_ptr<Scorer>, double>>& parts) {
             std::vector<SumScorer::Part> converted;
             for (const auto& [scorer, weight] : parts) converted.push_back({scorer, weight});
             return std::make_shared<SumScorer>(std::move(converted));
           }),
           py::arg("parts"));
}

}  // namespace rnnlib::python
