// SPDX-License-Identifier: Apache-2.0
// What is given out depends on the points alone, not on the steps in which they come.
#include "decode/beam/beam_run.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace rnnlib {
namespace {

constexpr Index kSettleEvery = 8;  // points
// The search lacks paths that left the beam. When the sequence ends, so many more labellings that are so close behind
// the n best are compared with them by the sums of all their paths.
constexpr std::size_t kMostClose = 8;
constexpr double kCloseNats = 0.5;
constexpr double kNever = -std::numeric_limits<double>::infinity();

}  // namespace

BeamRun::BeamRun(const BeamOptions& options, Index units, std::shared_ptr<const Scorer> scorer)
    : options_(options),
      scorer_(std::move(scorer)),
      search_(options, units, scorer_.get()),
      window_(units, options.temperature) {
  BeamRun::begin();
}

void BeamRun::begin() {
  search_.begin();
  window_.begin();
  sum_.begin();
  open_.clear();
  begin_ = 0;
  num_given_ = 0;
}

void BeamRun::step(const double* outputs, Index points, Prediction& prediction) {
  for (Index t = 0; t < points; ++t) {
    search_.step(window_.add(outputs + t * window_.units()));
    if (window_.end() % kSettleEvery == 0) settle(prediction);
  }
}

void BeamRun::settle(Prediction& prediction) {
  if (window_.end() > options_.max_delay) search_.drop_older(window_.end() - options_.max_delay);
  PrefixTree& tree = search_.tree();
  labels_.clear();
  for (auto child = tree.only_child(); child != PrefixTree::kNone; child = tree.only_child()) {
    labels_.push_back(tree[child].label);
    sum_.add_label(labels_.back());
    tree.advance_root(child);
  }
  if (!labels_.empty()) give_out(labels_, prediction);
  if (window_.end() - window_.first() >= 3 * options_.max_delay) forget_points(prediction);
}

void BeamRun::give_out(const Labels& labels, Prediction& prediction) {
  const std::size_t count = labels.size();
  append_labels(search_.best().node, labels_);
  align(labels_, prediction);
  append_aligned(labels_, count, prediction);
  num_given_ += static_cast<Index>(count);
  open_.assign(1, labels_[count - 1]);
  begin_ = places_[count - 1].first;
}

// Labels that came into the beam before the last `max_delay` points are settled. Twice as many points are kept, since
// a few paths have a label some points before the beam does.
void BeamRun::forget_points(Prediction& prediction) {
  const Index first = window_.end() - 2 * options_.max_delay;
  if (!open_.empty()) {
    labels_.clear();
    append_labels(search_.best().node, labels_);
    align(labels_, prediction);
    if (open_last_ < first) open_.clear();
  }
  sum_.advance(window_.from(window_.first()), first - window_.first(), window_.units());
  window_.drop_before(first);
}

void BeamRun::append_labels(BeamSearch::Node node, Labels& labels) const {
  const PrefixTree& tree = search_.tree();
  const auto begin = static_cast<std::ptrdiff_t>(labels.size());
  for (; node != tree.root(); node = tree[node].parent) labels.push_back(tree[node].label);
  std::reverse(labels.begin() + begin, labels.end());
}

void BeamRun::finish(Prediction& prediction) {
  prediction.readings.clear();
  for (const Ending& ending : best_endings()) prediction.readings.push_back(make_reading(ending, prediction));
  const Reading& best = prediction.readings.front();
  prediction.labels = best.labels;
  prediction.positions = best.positions;
  prediction.confidences = best.confidences;
}

std::vector<BeamRun::Ending> BeamRun::best_endings() {
  std::vector<Ending> endings;
  for (const BeamSearch::Entry& entry : search_.entries()) {
    const double finish = search_.finish(entry.node);
    endings.push_back({entry.node, std::log(entry.total()) + finish, finish, {}, 0});
  }
  const auto may_end = [](const Ending& ending) { return ending.finish != kNever; };
  if (std::any_of(endings.begin(), endings.end(), may_end)) {
    endings.erase(std::remove_if(endings.begin(), endings.end(), [&](const Ending& e) { return !may_end(e); }),
                  endings.end());
  } else {
    for (std::size_t i = 0; i < endings.size(); ++i) endings[i].rank = std::log(search_.entries()[i].total());
  }
  const auto is_better = [](const Ending& a, const Ending& b) { return a.rank > b.rank; };
  std::stable_sort(endings.begin(), endings.end(), is_better);
  const auto n_best = static_cast<std::size_t>(options_.n_best);
  std::size_t count = std::min(n_best, endings.size());
  const double least = endings[count - 1].rank - kCloseNats;
  while (count < std::min(n_best + kMostClose, endings.size()) && endings[count].rank >= least) ++count;
  endings.resize(count);
  find_probabilities(endings);
  std::stable_sort(endings.begin(), endings.end(), is_better);
  endings.resize(std::min(n_best, count));
  return endings;
}

void BeamRun::find_probabilities(std::vector<Ending>& endings) {
  const Index points = window_.end() - window_.first();
  for (Ending& ending : endings) {
    append_labels(ending.node, ending.labels);
    ending.log_probability =
        sum_.log_probability(ending.labels, window_.from(window_.first()), points, window_.units());
    const double added = search_.tree()[ending.node].score + (ending.finish == kNever ? 0 : ending.finish);
    ending.rank = ending.log_probability + added;
  }
}

Reading BeamRun::make_reading(const Ending& ending, const Prediction& given) {
  Reading reading;
  reading.labels = given.labels;
  reading.positions = given.positions;
  reading.confidences = given.confidences;
  align(ending.labels, reading);
  append_aligned(ending.labels, ending.labels.size(), reading);
  const bool is_whole = static_cast<Index>(given.labels.size()) == num_given_;
  if (is_whole && scorer_ != nullptr && scorer_->lexicon() != nullptr) reading.words = scorer_->words(reading.labels);
  reading.log_probability = ending.log_probability;
  reading.score = ending.finish == kNever ? kNever : ending.rank;
  return reading;
}

template <class Found>
void BeamRun::align(const Labels& labels, Found& found) {
  with_open_ = open_;
  with_open_.insert(with_open_.end(), labels.begin(), labels.end());
  const Index start = std::max(begin_, window_.first());
  places_ = alignment_.align(with_open_, window_.from(start), window_.end() - start, window_.units());
  for (BestAlignment::Place& place : places_) {
    place.first += start;
    place.last += start;
  }
  if (open_.empty()) return;
  open_last_ = places_.front().last;
  places_.erase(places_.begin());
  if (found.positions.empty()) return;  // the caller has taken the open label away
  found.positions.back().last = open_last_;
  double& confidence = found.confidences.back();
  if (begin_ >= window_.first()) confidence = 0;
  for (Index t = start; t <= open_last_; ++t) confidence = std::max(confidence, window_.from(t)[open_.front()]);
}

template <class Found>
void BeamRun::append_aligned(const Labels& labels, std::size_t count, Found& found) const {
  for (std::size_t i = 0; i < count; ++i) {
    found.labels.push_back(labels[i]);
    found.positions.push_back({places_[i].first, places_[i].last});
    found.confidences.push_back(places_[i].confidence);
  }
}

}  // namespace rnnlib
