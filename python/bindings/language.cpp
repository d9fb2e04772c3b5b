// SPDX-License-Identifier: Apache-2.0
// Language models, dictionaries, and the scorers made of them.
#include "bindings.h"
#include "gil.h"
#include "rnnlib/language_scorer.h"

namespace rnnlib::python {
namespace {

std::vector<std::string> strings_of(const std::vector<Text>& texts) {
  std::vector<std::string> strings;
  strings.reserve(texts.size());
  for (const Text& text : texts) strings.push_back(text.value);
  return strings;
}

std::vector<Text> texts_of(const std::vector<std::string>& strings) {
  std::vector<Text> texts;
  texts.reserve(strings.size());
  for (const std::string& string : strings) texts.push_back({string});
  return texts;
}

void register_model(py::module_& m) {
  py::class_<NgramModel, std::shared_ptr<NgramModel>> model(m, "NgramModel", "An n-gram model with back-off.");
  model
      .def_static(
          "read",
          [](const PathText& path) {
            return without_gil([&] { return std::make_shared<NgramModel>(NgramModel::read(path.value)); });
          },
          py::arg("path"))
      .def_static(
          "parse",
          [](const py::bytes& text, const Text& source) {
            const auto view = static_cast<std::string_view>(text);
            return without_gil([&] { return std::make_shared<NgramModel>(NgramModel::parse(view, source.value)); });
          },
          py::arg("text"), py::arg("source"))
      .def_property_readonly("order", &NgramModel::order)
      .def_property_readonly("num_words", &NgramModel::num_words)
      .def_property_readonly("memory", &NgramModel::memory)
      .def("num_ngrams", &NgramModel::num_ngrams, py::arg("n"))
      .def(
          "word", [](const NgramModel& self, Index word) { return Text{self.word(word)}; }, py::arg("number"))
      .def(
          "find", [](const NgramModel& self, const Text& word) { return self.find(word.value); }, py::arg("word"))
      .def(
          "score",
          [](const NgramModel& self, const std::vector<Text>& words) {
            const std::vector<double> scores = self.score(strings_of(words));
            return to_array(scores, {static_cast<Index>(scores.size())});
          },
          py::arg("words"));
  refuse_pickling(model, "a language model cannot be pickled; read its file again");
}

void register_lexicon(py::module_& m) {
  py::class_<Lexicon, std::shared_ptr<Lexicon>> lexicon(m, "Lexicon", "A dictionary over a network's labels.");
  lexicon
      .def_static(
          "read",
          [](const PathText& path, const std::vector<Text>& labels, const Text& separator) {
            const std::vector<std::string> names = strings_of(labels);
            return without_gil(
                [&] { return std::make_shared<Lexicon>(Lexicon::read(path.value, names, separator.value)); });
          },
          py::arg("path"), py::arg("labels"), py::arg("separator") = Text{})
      .def_static(
          "parse",
          [](const py::bytes& text, const Text& source, const std::vector<Text>& labels, const Text& separator) {
            const std::vector<std::string> names = strings_of(labels);
            const auto view = static_cast<std::string_view>(text);
            return without_gil(
                [&] { return std::make_shared<Lexicon>(Lexicon::parse(view, source.value, names, separator.value)); });
          },
          py::arg("text"), py::arg("source"), py::arg("labels"), py::arg("separator") = Text{})
      .def_property_readonly("num_words", &Lexicon::num_words)
      .def_property_readonly("num_spellings", &Lexicon::num_spellings)
      .def_property_readonly("num_left_out", &Lexicon::num_left_out)
      .def_property_readonly("separator", &Lexicon::separator)
      .def(
          "word",
          [](const Lexicon& self, Index number) {
            if (number < 0 || number >= self.num_words()) throw py::index_error("no such word");
            return Text{self.word(number)};
          },
          py::arg("number"))
      .def_property_readonly("unknown_labels", [](const Lexicon& self) {
        std::vector<std::pair<Text, Index>> labels;
        for (const Lexicon::UnknownLabel& label : self.unknown_labels()) labels.push_back({{label.name}, label.count});
        return labels;
      });
  refuse_pickling(lexicon, "a dictionary cannot be pickled; read its file again");
}

WordMode parse_mode(const std::string& name) {
  if (name == "closed") return WordMode::kClosed;
  if (name == "open") return WordMode::kOpen;
  throw ConfigError("the mode of a dictionary: expected closed or open, found \"" + name + "\"");
}

void register_options(py::module_& m) {
  py::class_<LanguageOptions>(m, "LanguageOptions", "How a language model and a dictionary are used.")
      .def(py::init<>())
      .def_readwrite("weight", &LanguageOptions::weight)
      .def_readwrite("word_bonus", &LanguageOptions::word_bonus)
      .def_readwrite("sentence_ends", &LanguageOptions::sentence_ends)
      .def_readwrite("unknown_score", &LanguageOptions::unknown_score)
      .def_property(
          "mode", [](const LanguageOptions& self) { return self.mode == WordMode::kOpen ? "open" : "closed"; },
          [](LanguageOptions& self, const std::string& name) { self.mode = parse_mode(name); })
      .def_readwrite("free_score", &LanguageOptions::free_score)
      .def_readwrite("num_words", &LanguageOptions::num_words);
}

std::shared_ptr<LanguageScorer> writable(const std::shared_ptr<const LanguageScorer>& scorer) {
  return std::const_pointer_cast<LanguageScorer>(scorer);  // pybind11 knows no other; nothing bound changes it
}

void register_scorer(py::module_& m) {
  py::class_<Scorer, std::shared_ptr<Scorer>>(m, "Scorer", "What a beam search asks about labellings.")
      .def(
          "score", [](const Scorer& self, const std::vector<Index>& labels) { return score_labels(self, labels); },
          py::arg("labels"))
      .def("words", &Scorer::words, py::arg("labels"));
  py::class_<LanguageScorer, Scorer, std::shared_ptr<LanguageScorer>> scorer(m, "LanguageScorer");
  scorer
      .def_static(
          "of_labels",
          [](const NgramModel& model, const std::vector<Text>& labels, const LanguageOptions& options) {
            return writable(LanguageScorer::of_labels(model, strings_of(labels), options));
          },
          py::arg("model"), py::arg("labels"), py::arg("options") = LanguageOptions())
      .def_static(
          "of_words",
          [](const std::shared_ptr<Lexicon>& lexicon, const std::shared_ptr<NgramModel>& model,
             const LanguageOptions& options) { return writable(LanguageScorer::of_words(lexicon, model, options)); },
          py::arg("lexicon"), py::arg("model") = py::none(), py::arg("options") = LanguageOptions())
      .def_property_readonly("unknown", [](const LanguageScorer& self) { return texts_of(self.unknown()); });
  refuse_pickling(scorer, "a scorer cannot be pickled; make it again");
}

}  // namespace

void register_language(py::module_& m) {
  register_model(m);
  register_lexicon(m);
  register_options(m);
  register_scorer(m);
}

}  // namespace rnnlib::python
