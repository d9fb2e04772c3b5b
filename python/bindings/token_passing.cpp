// SPDX-License-Identifier: Apache-2.0
// Token passing.
#include "rnnlib/token_passing.h"

#include "bindings.h"
#include "gil.h"

namespace rnnlib::python {

void register_token_passing(py::module_& m) {
  py::class_<TokenPassingOptions>(m, "TokenPassingOptions", "What token passing reads.")
      .def(py::init<>())
      .def_readwrite("n_best", &TokenPassingOptions::n_best)
      .def_readwrite("language", &TokenPassingOptions::language);
  py::class_<TokenPassingDecoder, Decoder, std::shared_ptr<TokenPassingDecoder>>(m, "TokenPassingDecoder",
                                                                                 "Token passing.")
      .def(py::init([](const std::shared_ptr<Lexicon>& lexicon, const std::shared_ptr<NgramModel>& bigrams,
                       const TokenPassingOptions& options) {
             const GilReleased released;
             return std::make_shared<TokenPassingDecoder>(lexicon, bigrams, options);
           }),
           py::arg("lexicon"), py::arg("bigrams") = py::none(), py::arg("options") = TokenPassingOptions())
      .def_property_readonly("unknown", [](const TokenPassingDecoder& self) {
        std::vector<Text> words;
        for (const std::string& word : self.unknown()) words.push_back({word});
        return words;
      });
}

}  // namespace rnnlib::python
