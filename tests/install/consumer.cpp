// SPDX-License-Identifier: Apache-2.0
// A program that uses the C++ interface from outside: makes a network, trains it, saves it, loads and runs it, and
// catches errors of the library. Argument: the save to write. Prints "consumer: ok".
#include <rnnlib/rnnlib.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace {

bool check(bool condition, const char* what) {
  if (!condition) std::fprintf(stderr, "consumer: failed: %s\n", what);
  return condition;
}

// Class 1 where the inputs sum to more than 0.
struct Data {
  std::vector<std::vector<float>> inputs;
  std::vector<std::int32_t> targets;
  std::vector<rnnlib::Sequence> sequences;

  explicit Data(rnnlib::Random& random) : inputs(40), targets(40) {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      double sum = 0;
      for (int t = 0; t < 6; ++t) {
        inputs[i].push_back(static_cast<float>(random.uniform(-1, 1)));
        sum += inputs[i].back();
      }
      targets[i] = sum > 0 ? 1 : 0;
      rnnlib::Sequence sequence;
      sequence.set_inputs(inputs[i], {6}, 1);
      sequence.set_target(&targets[i], 1);
      sequences.push_back(sequence);
    }
  }
};

bool catches_errors() {
  try {
    rnnlib::load_network("/nowhere/at/all.save");
  } catch (const rnnlib::IoError& error) {
    return std::string(error.what()).find("nowhere") != std::string::npos;
  }
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  bool good = check(rnnlib::version() == RNNLIB_EXPECTED_VERSION, "version");
  rnnlib::Random random(1);
  const Data data(random);
  const rnnlib::Config config =
      rnnlib::Config::parse("task sequence_classification\nhiddenSize 4\noptimiser adam\nlearnRate 0.02\n", "consumer");
  rnnlib::Network network(make_network_spec(config, {1, 1, 0, {"minus", "plus"}}), rnnlib::Precision::kFloat);
  network.randomise(random, 0.1);
  good &= check(check_gradient(network, data.sequences[0]).passed(), "gradient check");

  rnnlib::Trainer trainer(network, make_trainer_options(config));
  double first = 0;
  double last = 0;
  for (int epoch = 0; epoch < 20; ++epoch) {
    trainer.begin_epoch(static_cast<rnnlib::Index>(data.sequences.size()));
    trainer.train(data.sequences);
    last = trainer.end_epoch().errors().front().figure();
    if (epoch == 0) first = last;
  }
  good &= check(last < 0.6 * first, "training");

  trainer.begin_epoch(40);
  const auto stop = [](rnnlib::Index, const rnnlib::Metrics&) { return false; };
  good &= check(trainer.train(data.sequences, stop) < 40, "cancelling");
  trainer.end_epoch();

  save_network(network, argv[1], config);
  std::ifstream stream(argv[1]);
  const rnnlib::Network loaded = rnnlib::load_network(stream, argv[1]);
  const std::vector<rnnlib::Prediction> expected = network.predict(data.sequences);
  std::vector<std::thread> threads;
  bool same[2] = {true, true};
  for (bool& result : same) {
    threads.emplace_back([&] {
      rnnlib::Workspace workspace(loaded);
      for (std::size_t i = 0; i < expected.size(); ++i) {
        result = result && workspace.predict(data.sequences[i]).labels == expected[i].labels;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  good &= check(same[0] && same[1], "workspaces");
  good &= check(!loaded.trace(data.sequences[0]).empty(), "trace");
  good &= check(catches_errors(), "errors");
  if (!good) return 1;
  std::printf("consumer: ok\n");
  return 0;
}
