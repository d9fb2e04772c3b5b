// SPDX-License-Identifier: Apache-2.0
// N-gram models: back-off by hand, against a simple twin, and files that are damaged.
#include "rnnlib/ngram.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

#include "decode/language/vocabulary.h"
#include "expect_error.h"
#include "rnnlib/error.h"
#include "rnnlib/random.h"

namespace rnnlib {
namespace {

using Words = std::vector<std::string>;

constexpr double kLn10 = 2.302585092994045684;

const char* const kTrigrams =
    "A comment.\n\\data\\\nngram 1=5\nngram  2 = 4\nngram 3=2\n\n"
    "\\1-grams:\n-99\t<s>\t-0.3\n-0.7\t</s>\n-0.5\ta\t-0.2\n-0.9\tb\t-0.4\n-1.2\tc\t-0.1\n\n"
    "\\2-grams:\n-0.6\tb a\t-0.05\n-0.3\tb </s>\n-0.2\t<s> a\t-0.25\n-0.4\ta b\t-0.15\n\n"
    "\\3-grams:\n-0.35\ta b a\n-0.1\t<s> a b\n\n\\end\\\n";

NgramModel parse(const std::string& text) { return NgramModel::parse(text, "x.arpa"); }

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

// log10, so that tests read like their files.
std::vector<double> scores(const NgramModel& model, const Words& words) {
  std::vector<double> found = model.score(words);
  for (double& score : found) score /= kLn10;
  return found;
}

void expect_near(const std::vector<double>& found, const std::vector<double>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-6) << i;
}

TEST(Ngram, KnowsItsSizes) {
  const NgramModel model = parse(kTrigrams);
  EXPECT_EQ(model.order(), 3);
  EXPECT_EQ(model.num_words(), 5);
  EXPECT_EQ(model.num_ngrams(2), 4);
  EXPECT_EQ(model.num_ngrams(3), 2);
  EXPECT_EQ(model.word(model.find("b")), "b");
  EXPECT_EQ(model.find("d"), NgramModel::kNoWord);
  EXPECT_EQ(model.unknown_word(), NgramModel::kNoWord);
  EXPECT_GT(model.memory(), 0);
  expect_error<DataError>([&] { model.num_ngrams(4); }, {"1 to 3", "4"});
}

TEST(Ngram, BacksOffByHand) {
  const NgramModel model = parse(kTrigrams);
  // p(a | <s>), p(b | <s> a), then "a b </s>" is missing: the back-off weight of "a b" and p(</s> | b).
  expect_near(scores(model, {"a", "b"}), {-0.2, -0.1, -0.15 - 0.3});
  // "a b c" and "b c" are missing: two back-offs; then nothing begins with "c".
  expect_near(scores(model, {"a", "b", "c"}), {-0.2, -0.1, -0.15 - 0.4 - 1.2, -0.1 - 0.7});
  // "<s> b" is missing, so that "b" alone decides about what follows; "b a b" is missing as well.
  expect_near(scores(model, {"b", "a", "b"}), {-0.3 - 0.9, -0.6, -0.05 - 0.4, -0.15 - 0.3});
  expect_near(scores(model, {}), {-0.3 - 0.7});
}

TEST(Ngram, StatesForgetWhatDecidesNothing) {
  const NgramModel model = parse(kTrigrams);
  NgramModel::State after_ba = 0;
  NgramModel::State after_aba = 0;
  NgramModel::State state = model.empty();
  model.extend(state, model.find("b"), state);
  model.extend(state, model.find("a"), after_ba);
  state = model.empty();
  for (const char* word : {"a", "b", "a"}) model.extend(state, model.find(word), state);
  after_aba = state;
  EXPECT_EQ(after_aba, after_ba);  // "a b a" begins no longer n-gram
}

TEST(Ngram, UnknownWords) {
  const NgramModel without = parse(kTrigrams);
  NgramModel::State state = without.begin();
  EXPECT_EQ(without.extend(state, NgramModel::kNoWord, state), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(state, without.empty());
  expect_error<DataError>([&] { without.extend(0, 5, state); }, {"no word 5", "5 words"});
  expect_error<DataError>([&] { without.extend(77, 0, state); }, {"77"});
  const NgramModel with = parse("\\data\\\nngram 1=2\n\\1-grams:\n-0.5 <unk>\n-0.25 a\n\\end\\\n");
  expect_near(scores(with, {"a", "zebra"}), {-0.25, -0.5});  // no </s>: nothing is said of the end
}

TEST(Ngram, WindowsLinesAndZeroProbabilities) {
  const NgramModel model = parse("\\data\\\r\nngram 1=2\r\n\r\n\\1-grams:\r\n-inf a\r\n0.0000001\tb\r\n\\end\\\r\n");
  expect_near({scores(model, {"b"})}, {0});
  EXPECT_EQ(model.score({"a"})[0], -std::numeric_limits<double>::infinity());
}

// Many lines, which the reader gets in parts, in an order that is not that of the tree.
TEST(Ngram, LargeModelsTakeFewBytes) {
  constexpr int kWords = 3000;
  std::string text = "\\data\\\nngram 1=" + std::to_string(kWords) + "\nngram 2=" + std::to_string(2 * kWords) + "\n";
  text += "\\1-grams:\n";
  for (int i = 0; i < kWords; ++i) text += "-3.5 word" + std::to_string(i) + " -0.25\n";
  text += "\\2-grams:\n";
  for (int step : {-1, -7}) {
    for (int i = kWords - 1; i >= 0; --i) {
      text += std::to_string(step) + " word" + std::to_string(i) + " word" +
              std::to_string((i + kWords + step) % kWords) + "\n";
    }
  }
  const NgramModel model = parse(text + "\\end\\\n");
  for (int i = 0; i < kWords; ++i) {
    NgramModel::State state = model.empty();
    model.extend(state, i, state);
    EXPECT_NEAR(model.extend(state, (i + kWords - 7) % kWords, state), -7 * kLn10, 1e-5);
    model.extend(model.empty(), i, state);
    EXPECT_NEAR(model.extend(state, i, state), -3.75 * kLn10, 1e-5);
  }
  // 12 bytes for each 2-gram, 20 for each word, its name and its place in the hash table; see NgramTable, Vocabulary.
  EXPECT_LT(model.memory(), 2 * kWords * 12 + kWords * (20 + 8 + 8 + 16));
}

// A model as its definition reads: every n-gram by its words.
class Twin {
 public:
  std::string text(Random& random) {
    const Words words = {"<s>", "</s>", "a", "b", "\\c", "d"};
    std::vector<std::vector<Words>> by_order(5);
    for (const std::string& word : words) by_order[1].push_back({word});
    for (std::size_t n = 2; n <= 4; ++n) {
      for (const Words& context : by_order[n - 1]) {
        for (const std::string& word : words) {
          if (random.uniform() < 0.6) continue;  // endings of what stays may be missing
          Words ngram = context;
          ngram.push_back(word);
          by_order[n].push_back(ngram);
        }
      }
    }
    std::string text = "\\data\\\n";
    for (std::size_t n = 1; n <= 4; ++n) {
      text += "ngram " + std::to_string(n) + "=" + std::to_string(by_order[n].size()) + "\n";
    }
    for (std::size_t n = 1; n <= 4; ++n) text += section(by_order[n], random);
    return text + "\\end\\\n";
  }

  double log_prob(const Words& context, const std::string& word) const {
    Words ngram = context;
    ngram.push_back(word);
    const auto found = ngrams_.find(ngram);
    if (found != ngrams_.end()) return found->second.first;
    const auto of_context = ngrams_.find(context);
    const double back_off = of_context == ngrams_.end() ? 0 : of_context->second.second;
    return back_off + log_prob(Words(context.begin() + 1, context.end()), word);
  }

 private:
  std::string section(const std::vector<Words>& ngrams, Random& random) {
    std::string text = "\\" + std::to_string(ngrams[0].size()) + "-grams:\n";
    for (Index i : random.permutation(static_cast<Index>(ngrams.size()))) {
      const Words& words = ngrams[static_cast<std::size_t>(i)];
      const double log_prob = std::round(random.uniform(-300, 0)) / 100;
      const double back_off = words.size() == 4 ? 0 : std::round(random.uniform(-100, 20)) / 100;
      ngrams_[words] = {log_prob, back_off};
      text += std::to_string(log_prob);
      for (const std::string& word : words) text += " " + word;
      text += words.size() == 4 ? "\n" : " " + std::to_string(back_off) + "\n";
    }
    return text;
  }

  std::map<Words, std::pair<double, double>> ngrams_;
};

TEST(Ngram, EqualsItsDefinition) {
  Random random(3);
  for (int repeat = 0; repeat < 5; ++repeat) {
    Twin twin;
    const NgramModel model = parse(twin.text(random));
    for (int sentence = 0; sentence < 50; ++sentence) {
      Words all = {"<s>"};
      Words words;
      std::vector<double> expected;
      for (std::uint64_t left = random.below(8) + 1; left > 0; --left) {
        const std::string word = model.word(static_cast<Index>(random.below(6)));
        const Words context(all.end() - static_cast<std::ptrdiff_t>(std::min<std::size_t>(all.size(), 3)), all.end());
        expected.push_back(twin.log_prob(context, word));
        words.push_back(word);
        all.push_back(word);
      }
      std::vector<double> found = scores(model, words);
      found.pop_back();
      expect_near(found, expected);
    }
  }
}

void expect_bad(const std::string& text, const std::vector<std::string>& parts) {
  expect_error<FormatError>([&] { parse(text); }, parts);
}

TEST(Ngram, DamagedHeads) {
  expect_bad("", {"x.arpa", "\\data\\"});
  expect_bad("hello\nworld\n", {"line 2 of x.arpa", "no ARPA file"});
  expect_bad("\\data\\\n", {"line 1", "ends before"});
  expect_bad("\\data\\\n\\1-grams:\n", {"line 2", "ngram 1=<count>"});
  expect_bad("\\data\\\nngram 0=3\n", {"line 2", "orders begin with 1"});
  expect_bad("\\data\\\nngram 1=3\nngram 3=3\n", {"line 3", "the 2-grams"});
  expect_bad("\\data\\\nngram 1=x\n", {"line 2", "ngram 1=x"});
  expect_bad("\\data\\\nngram 1=-1\n", {"line 2"});
  expect_bad("\\data\\\nngram 1=0\n\\1-grams:\n\\end\\\n", {"without words"});
  expect_bad("\\data\\\nngram 1=9000000000000\n\\1-grams:\n-1 a\n\\end\\\n", {"9000000000000", "announced"});
  expect_bad(std::string("\\data\\\nngram 1=1\n\\1-grams:\n-1 a") + '\0' + "\n", {"line 4", "control character"});
  expect_bad("\\data\\\n" + std::string(3 << 20, 'x'), {"line 2", "longer than"});
}

TEST(Ngram, DamagedSections) {
  const std::string good = kTrigrams;
  expect_bad(replaced(good, "ngram  2 = 4", "ngram 2=5"), {"line 20", "4 2-grams", "5 are announced"});
  expect_bad(replaced(good, "\\3-grams:", "\\4-grams:"), {"line 20", "3-grams", "4-grams"});
  expect_bad(replaced(good, "\\end\\\n", ""), {"ends within the 3-grams"});
  expect_bad(replaced(good, "-0.7\t</s>", "-0.7x\t</s>"), {"line 9", "-0.7x", "probability"});
  expect_bad(replaced(good, "-0.7\t</s>", "nan\t</s>"), {"line 9", "nan"});
  expect_bad(replaced(good, "-0.7\t</s>", "0.7\t</s>"), {"line 9", "0.7"});
  expect_bad(replaced(good, "a\t-0.2", "a\tnan"), {"line 10", "nan", "back-off"});
  expect_bad(replaced(good, "-0.3\tb </s>", "-0.3\tb"), {"line 16", "2 words"});
  expect_bad(replaced(good, "-0.3\tb </s>", "-0.3\tb </s> -0.5 -0.5"), {"line 16"});
  expect_bad(replaced(good, "-1.2\tc", "-1.2\ta"), {"line 12", "\"a\"", "twice"});
  expect_bad(replaced(good, "-0.3\tb </s>", "-0.3\tb q"), {"line 16", "\"q\"", "1-grams"});
  expect_bad(replaced(good, "-0.3\tb </s>", "-0.3\ta b\t-1"), {"line 18", "\"b\"", "line 16"});
  expect_bad(replaced(good, "a b a", "b c a"), {"line 21", "\"b c\"", "2-grams"});
  expect_bad(replaced(good, "a b\t-0.15", "a b"), {"line 21", "\"a b\"", "no back-off weight"});
}

TEST(Vocabulary, NumbersManyWords) {
  Vocabulary vocabulary;
  EXPECT_EQ(vocabulary.find("0"), Vocabulary::kNone);
  for (Index i = 0; i < 5000; ++i) EXPECT_EQ(vocabulary.add(std::to_string(i)), i);
  for (Index i = 0; i < 5000; ++i) EXPECT_EQ(vocabulary.add(std::to_string(i)), i);
  EXPECT_EQ(vocabulary.size(), 5000);
  EXPECT_EQ(vocabulary.word(4321), "4321");
  EXPECT_EQ(vocabulary.find("5000"), Vocabulary::kNone);
  EXPECT_EQ(vocabulary.find(""), Vocabulary::kNone);
}

}  // namespace
}  // namespace rnnlib
