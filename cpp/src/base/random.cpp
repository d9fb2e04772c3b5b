// SPDX-License-Identifier: Apache-2.0
// xoshiro256** (Blackman and Vigna 2018, "Scrambled linear pseudorandom number generators") seeded by splitmix64.
// Normal numbers by the ziggurat method (Marsaglia and Tsang 2000, "The ziggurat method for generating random
// variables"), with 53 bits and one draw for layer, sign and position (Doornik 2005).
#include "rnnlib/random.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "base/mix.h"
#include "base/text.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

std::uint64_t rotate_left(std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

std::uint64_t splitmix64(std::uint64_t& x) {
  x += kGoldenGamma;
  return mix_bits(x);
}

bool parse_hex(std::string_view digits, std::uint64_t& value) {
  if (digits.empty() || digits.size() > 16) return false;
  value = 0;
  for (char c : digits) {
    const std::size_t digit = std::string_view(kHexDigits).find(to_lower(c));
    if (digit == std::string_view::npos) return false;
    value = value << 4 | digit;
  }
  return true;
}

// Layers of equal area under exp(-x^2 / 2): layer i reaches from 0 to edges[i], the lowest (0) goes on as the tail.
class Ziggurat {
 public:
  static constexpr std::size_t kLayers = 256;
  static constexpr double kTail = 3.6541528853610088;  // where the tail begins; makes the areas equal

  Ziggurat() {
    const double area = kTail * density(kTail) + std::sqrt(std::acos(-1.0) / 2) * std::erfc(kTail / std::sqrt(2.0));
    edges[0] = area / density(kTail);  // of the rectangle as large as the lowest layer with its tail
    edges[1] = kTail;
    for (std::size_t i = 2; i < kLayers; ++i) {
      edges[i] = std::sqrt(-2 * std::log(area / edges[i - 1] + density(edges[i - 1])));
    }
    edges[kLayers] = 0;
  }

  static double density(double x) { return std::exp(-x * x / 2); }

  std::array<double, kLayers + 1> edges{};
};

}  // namespace

Random::Random(std::uint64_t seed) : s_{} {
  for (std::uint64_t& word : s_) word = splitmix64(seed);
}

std::uint64_t Random::next() {
  const std::uint64_t result = rotate_left(s_[1] * 5, 7) * 9;
  const std::uint64_t t = s_[1] << 17;
  s_[2] ^= s_[0];
  s_[3] ^= s_[1];
  s_[1] ^= s_[2];
  s_[0] ^= s_[3];
  s_[2] ^= t;
  s_[3] = rotate_left(s_[3], 45);
  return result;
}

double Random::uniform() { return unit_real(next()); }

double Random::uniform(double low, double high) {
  const double value = low + (high - low) * uniform();
  return value < high || !(low < high) ? value : std::nextafter(high, low);  // rounding may reach high
}

std::uint64_t Random::below(std::uint64_t n) {
  // The lowest 2^64 mod n values are drawn again, so that every remainder is equally likely.
  const std::uint64_t lowest = (0 - n) % n;
  for (;;) {
    const std::uint64_t value = next();
    if (value >= lowest) return value % n;
  }
}

double Random::normal() {
  static const Ziggurat ziggurat;
  for (;;) {
    const std::uint64_t bits = next();
    const std::size_t layer = bits & (Ziggurat::kLayers - 1);
    const double sign = (bits & Ziggurat::kLayers) != 0 ? -1 : 1;
    const double x = unit_real(bits) * ziggurat.edges[layer];
    if (x < ziggurat.edges[layer + 1]) return sign * x;  // under all of the layer's top: 99 of 100
    if (layer == 0) return sign * normal_tail();
    const double low = Ziggurat::density(ziggurat.edges[layer]);
    const double high = Ziggurat::density(ziggurat.edges[layer + 1]);
    if (low + (high - low) * uniform() < Ziggurat::density(x)) return sign * x;
  }
}

// Beyond the ziggurat's last layer (Marsaglia 1964).
double Random::normal_tail() {
  for (;;) {
    const double x = -std::log(1 - uniform()) / Ziggurat::kTail;  // 1 - uniform() is in (0, 1]
    const double y = -std::log(1 - uniform());
    if (2 * y > x * x) return Ziggurat::kTail + x;
  }
}

std::vector<Index> Random::permutation(Index n) {
  std::vector<Index> order(static_cast<std::size_t>(std::max<Index>(n, 0)));
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<Index>(i);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[below(i)]);
  return order;
}

std::string Random::state() const {
  std::string text;
  for (std::uint64_t word : s_) {
    if (!text.empty()) text += ':';
    for (int shift = 60; shift >= 0; shift -= 4) text += kHexDigits[word >> shift & 15];
  }
  return text;
}

void Random::set_state(const std::string& state) {
  const std::vector<std::string_view> words = split(state, ":");
  std::array<std::uint64_t, 4> s{};
  bool good = words.size() == s.size();
  for (std::size_t i = 0; good && i < s.size(); ++i) good = parse_hex(words[i], s[i]);
  if (!good || s == std::array<std::uint64_t, 4>{}) {
    throw FormatError("random state: expected four hexadecimal words joined by ':', not all 0; found " +
                      in_quotes(state));
  }
  s_ = s;
}

}  // namespace rnnlib
