// SPDX-License-Identifier: Apache-2.0
// Posteriors from the n best readings of a decoder.
#include <algorithm>
#include <cmath>
#include <map>

#include "decode/matches.h"
#include "decode/temperature.h"
#include "decode/words.h"
#include "rnnlib/posterior.h"

namespace rnnlib {

namespace {

// Shares of exp(score), of the sum 1.
std::vector<double> shares_of(const std::vector<Reading>& readings, double temperature) {
  const auto by_score = [](const Reading& a, const Reading& b) { return a.score < b.score; };
  const double best = std::max_element(readings.begin(), readings.end(), by_score)->score;
  std::vector<double> shares;
  double sum = 0;
  for (const Reading& reading : readings) {
    const bool is_best = reading.score == best;  // also where that is -infinity
    shares.push_back(is_best ? 1 : std::exp((reading.score - best) / temperature));
    sum += shares.back();
  }
  for (double& share : shares) share /= sum;
  return shares;
}

// A number for each different word.
class Vocabulary {
 public:
  std::vector<Index> numbers(const std::vector<Index>& labels, Index separator) {
    std::vector<Index> numbers;
    for (const WordPlace& word : find_words(labels, separator)) {
      const std::vector<Index> spelling(labels.begin() + word.first, labels.begin() + word.end);
      numbers.push_back(known_.emplace(spelling, static_cast<Index>(known_.size())).first->second);
    }
    return numbers;
  }

 private:
  std::map<std::vector<Index>, Index> known_;
};

void add_matches(const std::vector<Index>& best, const std::vector<Index>& other, double share,
                 std::vector<double>& posteriors) {
  posteriors.resize(best.size());
  const std::vector<bool> matches = find_matches(best, other);
  for (std::size_t i = 0; i < best.size(); ++i) posteriors[i] += matches[i] ? share : 0;
}

}  // namespace

Posteriors reading_posteriors(const std::vector<Reading>& readings, const PosteriorOptions& options) {
  check_temperature(options.temperature);
  Posteriors found;
  if (readings.empty()) return found;
  const std::vector<double> shares = shares_of(readings, options.temperature);
  Vocabulary vocabulary;
  const std::vector<Index>& best = readings.front().labels;
  const std::vector<Index> best_words = vocabulary.numbers(best, options.separator);
  for (std::size_t i = 0; i < readings.size(); ++i) {
    const std::vector<Index>& labels = readings[i].labels;
    add_matches(best, labels, shares[i], found.labels);
    add_matches(best_words, vocabulary.numbers(labels, options.separator), shares[i], found.words);
    found.line += labels == best ? shares[i] : 0;
  }
  return found;
}

}  // namespace rnnlib
