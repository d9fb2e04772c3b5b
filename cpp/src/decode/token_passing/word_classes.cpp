// SPDX-License-Identifier: Apache-2.0
// Words with one number in the model are a class, and so are all that it does not have.
#include "decode/token_passing/word_classes.h"

#include <algorithm>
#include <limits>
#include <map>

#include "rnnlib/error.h"

namespace rnnlib {
namespace {

constexpr std::int32_t kNone = -1;
constexpr double kNever = -std::numeric_limits<double>::infinity();

std::vector<std::string> words_of(const Lexicon& lexicon) {
  std::vector<std::string> words;
  words.reserve(static_cast<std::size_t>(lexicon.num_words()));
  for (Index word = 0; word < lexicon.num_words(); ++word) words.push_back(lexicon.word(word));
  return words;
}

bool depends_on_words_before(const NgramModel* model) {
  if (model == nullptr) return false;
  if (model->order() <= 2) return model->order() == 2;
  throw ConfigError("token passing takes n-grams of 1 or 2 words, but the model has some of " +
                    std::to_string(model->order()) + "; a beam search takes them");
}

}  // namespace

WordClasses::WordClasses(const Lexicon& lexicon, const std::shared_ptr<const NgramModel>& model,
                         const LanguageOptions& options)
    : model_(model, words_of(lexicon), "words of the dictionary", options),
      has_context_(depends_on_words_before(model.get())),
      classes_(static_cast<std::size_t>(lexicon.num_words()), 0),
      context_of_(classes_.size(), 0) {
  if (!has_context_) {
    scores_ = {0};
    firsts_ = {0};
    contexts_ = {{model_.start(), 0, kNever, 0, 0}};
    for (std::size_t word = 0; word < classes_.size(); ++word) alone_.push_back(model_.alone(word));
    return;
  }
  add_contexts(*model, number_words(lexicon, *model), options.weight);
  for (std::int32_t member : members_) {
    NgramModel::State to = 0;
    scores_.push_back(model_.alone(static_cast<std::size_t>(member)));
    firsts_.push_back(model_.extend(model_.start(), static_cast<std::size_t>(member), to));
  }
}

// Sets classes_ and members_; gives the class of each of the model's words.
std::vector<std::int32_t> WordClasses::number_words(const Lexicon& lexicon, const NgramModel& model) {
  std::vector<std::int32_t> class_of_model_word(static_cast<std::size_t>(model.num_words()), kNone);
  for (Index word = 0; word < lexicon.num_words(); ++word) {
    Index number = model.find(lexicon.word(word));
    if (number == NgramModel::kNoWord) number = model.unknown_word();
    std::int32_t& found =
        number == NgramModel::kNoWord ? unknown_class_ : class_of_model_word[static_cast<std::size_t>(number)];
    if (found == kNone) {
      found = static_cast<std::int32_t>(members_.size());
      members_.push_back(static_cast<std::int32_t>(word));
    }
    classes_[static_cast<std::size_t>(word)] = found;
  }
  return class_of_model_word;
}

void WordClasses::add_contexts(const NgramModel& model, const std::vector<std::int32_t>& class_of_model_word,
                               double weight) {
  std::map<NgramModel::State, std::int32_t> numbers;
  for (std::size_t word = 0; word < classes_.size(); ++word) {
    NgramModel::State state = 0;
    model_.extend(model.empty(), word, state);
    const auto [found, is_new] = numbers.emplace(state, static_cast<std::int32_t>(contexts_.size()));
    context_of_[word] = found->second;
    if (!is_new) continue;
    Context context{state, weight * model.back_off(state), kNever, successors_.size(), 0};
    if (state != model.empty()) {  // after which the 1-grams count
      for (const auto& [last, log_probability] : model.continuations(state)) {
        const std::int32_t word_class = class_of_model_word[static_cast<std::size_t>(last)];
        if (word_class == kNone) continue;
        const auto member = static_cast<std::size_t>(members_[static_cast<std::size_t>(word_class)]);
        NgramModel::State to = 0;
        successors_.push_back({word_class, model_.extend(state, member, to)});
        context.best_successor = std::max(context.best_successor, successors_.back().score);
      }
    }
    const auto is_before = [](const Successor& a, const Successor& b) { return a.word_class < b.word_class; };
    std::sort(successors_.begin() + static_cast<std::ptrdiff_t>(context.begin), successors_.end(), is_before);
    context.end = successors_.size();
    contexts_.push_back(context);
  }
}

bool WordClasses::is_successor(std::int32_t word, std::int32_t word_class) const {
  const auto [begin, end] = successors(word);
  const auto is_before = [](const Successor& a, std::int32_t b) { return a.word_class < b; };
  const Successor* found = std::lower_bound(begin, end, word_class, is_before);
  return found != end && found->word_class == word_class;
}

}  // namespace rnnlib
