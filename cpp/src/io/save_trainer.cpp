// SPDX-License-Identifier: Apache-2.0
// A trainer's state into saves and back: under RNNLIB's names what RNNLIB saves too, under ours the rest
// (docs/behaviour.md, "Saves").
#include <algorithm>
#include <sstream>
#include <string_view>

#include "base/numbers.h"
#include "base/text.h"
#include "io/saved_values.h"
#include "io/saved_vectors.h"
#include "io/vector_names.h"
#include "rnnlib/error.h"
#include "rnnlib/random.h"
#include "rnnlib/save.h"
#include "rnnlib/trainer.h"

namespace rnnlib {
namespace {

// --- vectors ---

class Parts {
 public:
  Parts(const Network& network, Save& save) : network_(network), save_(save) {}

  void store(const std::string& suffix, const Values& all) {
    if (all.empty()) return;
    for (const Connection& connection : network_.connections()) {
      save_.vectors[vector_name(connection.name, suffix)] = part_of(all, connection);
    }
  }
  void store(const char* infix, const std::vector<StateVector>& vectors) {
    for (const StateVector& vector : vectors) store(infix + vector.name, vector.values);
  }

 private:
  const Network& network_;
  Save& save_;
};

// False, with `all` unspecified, when the save has not all of its parts.
bool read_parts(const Save& save, const Network& network, const std::string& suffix, Values& all) {
  all.assign(static_cast<std::size_t>(network.num_weights()), 0.0);
  for (const Connection& connection : network.connections()) {
    const auto part = save.vectors.find(vector_name(connection.name, suffix));
    if (part == save.vectors.end()) return false;
    check_values(part->first, part->second, connection.size(), save);
    put_part(part->second, connection, all);
  }
  return true;
}

bool read_optimiser(const Save& save, const Network& network, const char* infix, std::vector<StateVector>& vectors) {
  return std::all_of(vectors.begin(), vectors.end(), [&](StateVector& vector) {
    return read_parts(save, network, infix + vector.name, vector.values);
  });
}

// --- values: words on a line ---

// Tags in one word: blanks, control characters and '%' as %XX.
std::string to_word(const std::string& text) {
  static const char* const kDigits = "0123456789abcdef";
  std::string word;
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && c != '%' && byte != 0x7f) {
      word += c;
    } else {
      word += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return word.empty() ? "%" : word;
}

std::string from_word(const std::string& word) {
  std::string text;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] != '%') {
      text += word[i];
      continue;
    }
    int code = 0;  // left 0 by anything but two digits: a name for messages is not worth an error
    for (std::size_t k = i + 1; k < std::min(i + 3, word.size()); ++k) {
      const std::size_t digit = std::string_view("0123456789abcdef").find(word[k]);
      code = 16 * code + (digit == std::string_view::npos ? 0 : static_cast<int>(digit));
    }
    if (i + 2 < word.size()) text += static_cast<char>(code);
    i += 2;
  }
  return text;
}

void store_epoch(const EpochState& epoch, Parts& parts, Save& save) {
  save.values[kEpochName] = std::to_string(epoch.sequences) + " " + std::to_string(epoch.done) + " " +
                            std::to_string(epoch.pending) + " " + std::to_string(static_cast<Index>(epoch.seed));
  if (!epoch.sums.empty()) save.values[kSumsName] = line_of(epoch.sums);
  std::string costs;
  for (const NamedError& cost : epoch.costs) costs += " " + cost.name + " " + number_text(cost.value);
  if (!costs.empty()) save.values[kEpochCostsName] = costs.substr(1);
  std::string skipped;
  for (const SkippedTarget& target : epoch.skipped) {
    skipped += " " + to_word(target.tag) + " " + std::to_string(target.needed) + " " + std::to_string(target.available);
  }
  if (!skipped.empty()) save.values[kSkippedName] = skipped.substr(1);
  parts.store(kGradientSuffix, epoch.gradient);
  parts.store(kDevGradientSuffix, epoch.dev_gradient);
}

EpochState read_epoch(const Save& save, const Network& network) {
  EpochState epoch;
  ValueReader numbers(save, kEpochName);
  epoch.sequences = numbers.count();
  epoch.done = numbers.count();
  epoch.pending = numbers.count();
  Index seed = 0;
  if (!parse_int(numbers.word(), seed) || epoch.done > epoch.sequences || epoch.pending > epoch.done) {
    throw FormatError(save.source + ": " + kEpochName + ": damaged");
  }
  epoch.seed = static_cast<std::uint64_t>(seed);
  for (ValueReader sums(save, kSumsName); !sums.at_end();) epoch.sums.push_back(sums.real());
  for (ValueReader costs(save, kEpochCostsName); !costs.at_end();) {
    const std::string name = costs.word();
    epoch.costs.push_back({name, costs.real(), 1});
  }
  for (ValueReader skipped(save, kSkippedName); !skipped.at_end();) {
    const std::string tag = from_word(skipped.word());
    const Index needed = skipped.count();
    epoch.skipped.push_back({tag, needed, skipped.count()});
  }
  if (epoch.pending > 0 && !read_parts(save, network, kGradientSuffix, epoch.gradient)) {
    throw FormatError(save.source + ": the gradient of an epoch under way is missing");
  }
  if (!read_parts(save, network, kDevGradientSuffix, epoch.dev_gradient)) epoch.dev_gradient.clear();
  return epoch;
}

std::string value_or_empty(const Save& save, const char* name) {
  const auto found = save.values.find(name);
  return found == save.values.end() ? "" : found->second;
}

void check_random(const Save& save, const std::string& state) {
  try {
    Random().set_state(state);
  } catch (const FormatError& error) {
    throw FormatError(save.source + ": " + kNoiseRandomName + ": " + error.what());
  }
}

// False when the save's deviations cannot be taken over.
bool read_mdl(const Save& save, const Network& network, MdlState& mdl, bool& same_optimiser) {
  if (!read_parts(save, network, kDevsSuffix, mdl.devs)) return false;
  if (!read_parts(save, network, kCostsSuffix, mdl.costs)) mdl.costs.clear();
  same_optimiser = value_or_empty(save, kMdlOptimiserName) == mdl.optimiser &&
                   read_optimiser(save, network, kDevStateInfix, mdl.vectors);
  if (!same_optimiser) mdl.vectors.clear();
  return true;
}

}  // namespace

void store_trainer(const Trainer& trainer, const Network& network, Save& save) {
  erase_vectors(save, [](const std::string& name) { return !ends_with(name, kWeightsSuffix); });
  const TrainerState state = trainer.state();
  Parts parts(network, save);
  save.values[kOptimiserName] = state.optimiser;
  save.values[kUpdatesName] = std::to_string(state.updates);
  save.values[kNoiseRandomName] = state.noise_random;
  parts.store(kStateInfix, state.vectors);
  if (state.mdl) {
    save.values[kMdlOptimiserName] = state.mdl->optimiser;
    save.values[kPriorMeanName] = number_text(state.mdl->prior_mean);
    save.values[kPriorVarianceName] = number_text(state.mdl->prior_variance);
    parts.store(kDevsSuffix, state.mdl->devs);
    parts.store(kCostsSuffix, state.mdl->costs);
    parts.store(kDevStateInfix, state.mdl->vectors);
  }
  for (const char* name : {kEpochName, kSumsName, kEpochCostsName, kSkippedName}) save.values.erase(name);
  if (state.epoch) store_epoch(*state.epoch, parts, save);
}

std::vector<std::string> restore_trainer(const Save& save, const Network& network, Trainer& trainer) {
  std::vector<std::string> reset;
  TrainerState state = trainer.state();
  state.epoch.reset();
  if (value_or_empty(save, kOptimiserName) != state.optimiser ||
      !read_optimiser(save, network, kStateInfix, state.vectors)) {
    state.vectors.clear();
    reset.emplace_back("optimiser");
  }
  if (save.values.count(kUpdatesName) > 0) state.updates = ValueReader(save, kUpdatesName).count();
  const std::string random = value_or_empty(save, kNoiseRandomName);
  if (!random.empty()) {
    check_random(save, random);
    state.noise_random = random;
  }
  if (state.mdl) {
    bool same_optimiser = true;
    if (!read_mdl(save, network, *state.mdl, same_optimiser)) {
      state.mdl.reset();
      reset.emplace_back("mdl");
    } else if (!same_optimiser) {
      reset.emplace_back("mdlOptimiser");
    }
  }
  if (save.values.count(kEpochName) > 0) state.epoch = read_epoch(save, network);
  try {
    trainer.set_state(state);
  } catch (const DataError& error) {
    throw FormatError(save.source + ": " + error.what());
  }
  return reset;
}

}  // namespace rnnlib
