// SPDX-License-Identifier: Apache-2.0
// Trains a network in C++ alone, on data it makes: is a noisy signal a sine, a square wave or a sawtooth? Stops when
// the validation set is read without errors, or on Ctrl-C; saves the network, loads it again and tests it.
#include <rnnlib/rnnlib.h>

#include <cmath>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr char kConfig[] = R"(
task sequence_classification
hiddenSize 12
optimiser adam
learnRate 0.01
seqsPerWeightUpdate 8
)";

volatile std::sig_atomic_t interrupted = 0;

enum Wave { kSine, kSquare, kSawtooth };

float wave_at(Wave wave, double phase) {
  const double x = phase - std::floor(phase);
  switch (wave) {
    case kSine:
      return static_cast<float>(std::sin(2 * kPi * x));
    case kSquare:
      return x < 0.5 ? 1.0F : -1.0F;
    case kSawtooth:
      break;
  }
  return static_cast<float>(2 * x - 1);
}

// Signals of 20 to 40 points, with their classes. Sequences borrow from them.
class Signals {
 public:
  Signals(std::size_t count, rnnlib::Random& random) : inputs_(count), classes_(count) {
    for (std::size_t i = 0; i < count; ++i) {
      classes_[i] = static_cast<std::int32_t>(random.below(3));
      const double frequency = random.uniform(0.05, 0.12);
      const double phase = random.uniform();
      const std::size_t length = 20 + random.below(21);
      for (std::size_t t = 0; t < length; ++t) {
        const float value = wave_at(static_cast<Wave>(classes_[i]), phase + frequency * static_cast<double>(t));
        inputs_[i].push_back(value + static_cast<float>(0.2 * random.normal()));
      }
      rnnlib::Sequence sequence;
      sequence.set_inputs(inputs_[i], {static_cast<rnnlib::Index>(length)}, 1);
      sequence.set_target(&classes_[i], 1);
      sequences_.push_back(sequence);
    }
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  const std::vector<rnnlib::Sequence>& sequences() const { return sequences_; }

  // In another order, as online training likes it.
  std::vector<rnnlib::Sequence> shuffled(rnnlib::Random& random) const {
    std::vector<rnnlib::Sequence> result;
    for (rnnlib::Index i : random.permutation(static_cast<rnnlib::Index>(sequences_.size()))) {
      result.push_back(sequences_[static_cast<std::size_t>(i)]);
    }
    return result;
  }

 private:
  std::vector<std::vector<float>> inputs_;
  std::vector<std::int32_t> classes_;
  std::vector<rnnlib::Sequence> sequences_;
};

double classification_error(const rnnlib::Metrics& metrics) { return metrics.find("classificationError")->figure(); }

void train(rnnlib::Network& network, const rnnlib::Config& config, const Signals& training, const Signals& validation,
           rnnlib::Random& random) {
  constexpr int kMostEpochs = 40;
  rnnlib::Trainer trainer(network, make_trainer_options(config));
  const auto go_on = [](rnnlib::Index, const rnnlib::Metrics&) { return interrupted == 0; };
  for (int epoch = 1; epoch <= kMostEpochs && interrupted == 0; ++epoch) {
    trainer.begin_epoch(static_cast<rnnlib::Index>(training.sequences().size()));
    trainer.train(training.shuffled(random), go_on);
    const rnnlib::Metrics running = trainer.end_epoch();
    const double error = classification_error(network.evaluate(validation.sequences()));
    std::printf("epoch %2d  training error %5.1f %%  validation error %5.1f %%\n", epoch,
                100 * classification_error(running), 100 * error);
    if (error == 0) break;
  }
}

void run(const std::string& path) {
  rnnlib::Random random(1);
  const Signals training(600, random);
  const Signals validation(100, random);
  const Signals test(200, random);

  const rnnlib::Config config = rnnlib::Config::parse(kConfig, "kConfig");
  const rnnlib::DataHeader data{1, 1, 0, {"sine", "square", "sawtooth"}};  // dimensions, input size, -, labels
  rnnlib::Network network(make_network_spec(config, data), rnnlib::Precision::kFloat);
  network.randomise(random, 0.1);
  std::printf("%d weights\n", static_cast<int>(network.num_weights()));

  train(network, config, training, validation, random);
  save_network(network, path, config);

  const rnnlib::Network loaded = rnnlib::load_network(path);
  std::printf("test error %.1f %%\n", 100 * classification_error(loaded.evaluate(test.sequences())));
  const rnnlib::Prediction prediction = loaded.predict(test.sequences()).front();
  std::printf("the first test signal: a %s, probability %.2f\n",
              data.labels[static_cast<std::size_t>(prediction.labels[0])].c_str(),
              prediction.outputs[static_cast<std::size_t>(prediction.labels[0])]);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGINT, [](int) { interrupted = 1; });
  try {
    run(argc > 1 ? argv[1] : "waves.save");
  } catch (const std::exception& error) {  // rnnlib::Error is one
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 1;
  }
  return 0;
}
