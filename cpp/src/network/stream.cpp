// SPDX-License-Identifier: Apache-2.0
#include "rnnlib/stream.h"

#include <algorithm>
#include <cmath>

#include "decode/decoder.h"
#include "layers/pointwise.h"
#include "layers/stream_level.h"
#include "network/check_sequence.h"
#include "network/engine.h"
#include "network/normalise.h"
#include "optim/all_finite.h"
#include "rnnlib/error.h"

namespace rnnlib {

namespace {

// A block layer in 1D: collects points until a block is full. Block 1, of none: every point is a block.
template <class Real>
class BlockQueue {
 public:
  BlockQueue(Index block, Index units) : block_(block), units_(units), rows_(std::make_unique<Buffer<Real>>()) {
    rows_->resize(block * units);
  }

  // Where the next point's units are to be written, [units].
  Real* next() { return rows_->data() + filled_ * units_; }
  // After that; returns whether the block is full, and lies in data().
  bool add() { return (filled_ = (filled_ + 1) % block_) == 0; }
  // Fills a block that was begun with zeros; returns whether there was one.
  bool pad() {
    if (filled_ == 0) return false;
    std::fill(next(), rows_->data() + block_ * units_, Real(0));
    filled_ = 0;
    return true;
  }
  const Real* data() const { return rows_->data(); }
  void reset() { filled_ = 0; }

 private:
  Index block_;
  Index units_;
  Index filled_ = 0;
  std::unique_ptr<Buffer<Real>> rows_;  // [block, units]
};

Index block_of(const Shape& block) { return block.empty() ? 1 : block.front(); }

// The points on their way from layer to layer.
template <class Real>
class StreamOf : public StreamRun {
 public:
  explicit StreamOf(const Engine<Real>& engine)
      : engine_(engine),
        loss_(engine.loss_for({})),
        decoder_(make_decoder<Real>(task_info(engine.layout().spec.task).decoder, engine.layout().output_size)),
        levels_(engine.layout().stages.size()) {
    const NetworkLayout& layout = engine.layout();
    queues_.emplace_back(block_of(layout.spec.input_block), layout.spec.data.input_size);
    for (const Stage& stage : layout.stages) queues_.emplace_back(block_of(stage.block), stage.level.hidden());
    reset();
  }

  void reset() override {
    for (auto& queue : queues_) queue.reset();
    for (auto& level : levels_) level.reset();
    weights_ = {};
    next_point_ = 0;
    decoder_->begin();
    prediction_.labels.clear();
    prediction_.positions.clear();
  }

  void push(const float* inputs, Index points, StreamOutput& output) override {
    const Index size = layout().spec.data.input_size;
    run(output, [&] {
      for (Index t = 0; t < points; ++t) {
        std::copy_n(inputs + t * size, size, queues_[0].next());
        if (queues_[0].add()) run_level(0, output);
      }
    });
  }

  void finish(StreamOutput& output) override {
    run(output, [&] {
      for (std::size_t i = 0; i < levels_.size(); ++i) {
        if (queues_[i].pad()) run_level(i, output);
      }
      decoder_->finish(prediction_);
      take_labels(output);
    });
    reset();
  }

 private:
  const NetworkLayout& layout() const { return engine_.layout(); }

  // Where the work fails midway, for lack of memory, some layers have seen more points than others: the sequence cannot
  // go on.
  template <class Work>
  void run(StreamOutput& output, const Work& work) {
    begin(output);
    try {
      work();
      end(output);
    } catch (...) {
      reset();
      throw;
    }
  }

  // Level i's next point, whose input queue i holds.
  void run_level(std::size_t i, StreamOutput& output) {
    const Stage& stage = layout().stages[i];
    const Real* input = i > 0 && layout().stages[i - 1].subsample_size > 0 ? subsample(i - 1) : queues_[i].data();
    BlockQueue<Real>& above = queues_[i + 1];
    levels_[i].step(stage.level, weights_->levels[i], input, above.next());
    const bool full = above.add();
    if (i + 1 == levels_.size()) {
      run_output(above.data(), output);
    } else if (full) {
      run_level(i + 1, output);
    }
  }

  // Of stage i's top, which queue i + 1 holds.
  const Real* subsample(std::size_t i) {
    const Stage& stage = layout().stages[i];
    const PackedWeights<Real>& weights = *weights_;
    const Index size = stage.subsample_size;
    Real* net = subsample_.resize(size);
    if (stage.subsample_bias >= 0) {
      std::copy_n(weights.at(stage.subsample_bias), size, net);
    } else {
      std::fill_n(net, size, Real(0));
    }
    add_product_nt<Real>({queues_[i + 1].data(), 1, stage.top_size},
                         {weights.at(stage.subsample_weights), size, stage.top_size}, {net, 1, size});
    pointwise_forward(layout().spec.subsample_type, net, size, net);
    return net;
  }

  void run_output(const Real* hidden, StreamOutput& output) {
    const Index size = layout().output_size;
    const Index inputs = layout().stages.back().level.output_size();
    const PackedWeights<Real>& weights = *weights_;
    Real* net = net_.resize(size);
    std::copy_n(weights.at(layout().output_bias), size, net);
    add_product_nt<Real>({hidden, 1, inputs}, {weights.at(layout().output_weights), size, inputs}, {net, 1, size});
    OutputView<Real> view;
    view.net = net;
    view.output = output_.resize(size);
    view.points = 1;
    view.size = size;
    view.shape = {1};
    loss_->activate(view);
    output.outputs.insert(output.outputs.end(), view.output, view.output + size);
    decoder_->step(view.output, 1, prediction_);
    take_labels(output);
    ++output.points;
  }

  // So that a long sequence takes no more memory than a short one.
  void take_labels(StreamOutput& output) {
    output.labels.insert(output.labels.end(), prediction_.labels.begin(), prediction_.labels.end());
    for (const LabelPosition& position : prediction_.positions) output.label_points.push_back(position.first);
    prediction_.labels.clear();
    prediction_.positions.clear();
  }

  void begin(StreamOutput& output) {
    if (!weights_) weights_ = engine_.hold_weights();
    output.first_point = next_point_;
    output.points = 0;
    output.size = layout().output_size;
    output.outputs.clear();
    output.labels.clear();
    output.label_points.clear();
  }

  void end(const StreamOutput& output) {
    next_point_ += output.points;
    if (all_finite(output.outputs.data(), static_cast<Index>(output.outputs.size()))) return;
    throw NumericError("an output at or after point " + std::to_string(output.first_point) + " is NaN or infinite");
  }

  const Engine<Real>& engine_;
  std::unique_ptr<Loss<Real>> loss_;
  std::unique_ptr<Decoder<Real>> decoder_;
  HeldWeights<Real> weights_;             // of the sequence begun
  std::vector<BlockQueue<Real>> queues_;  // below each level, and the outputs of the last
  std::vector<StreamLevel<Real>> levels_;
  Buffer<Real> subsample_;  // [subsample_size] of the stage at hand
  Buffer<Real> net_;        // [output_size]
  Buffer<Real> output_;
  Prediction prediction_;  // labels that the decoder has given, until take_labels()
  Index next_point_ = 0;
};

// Before a number is read.
void check_points(const float* inputs, Index points) {
  constexpr Index kMostPoints = Index{1} << 31;  // as of whole sequences
  if (points < 0 || points > kMostPoints) {
    throw DataError("a stream got " + std::to_string(points) + " points; expected 0 to 2^31");
  }
  if (points > 0 && inputs == nullptr) throw DataError("a stream got no inputs");
}

void check_numbers(const float* inputs, Index points, Index input_size, const char* subject) {
  const float* end = inputs + points * input_size;
  const float* bad = std::find_if(inputs, end, [](float x) { return !std::isfinite(x); });
  if (bad == end) return;
  const Index at = bad - inputs;
  throw NumericError(subject + std::to_string(at % input_size) + " of point " + std::to_string(at / input_size) +
                     " of those pushed is " + std::to_string(*bad) + ": expected finite numbers");
}

}  // namespace

std::string why_no_stream(const NetworkSpec& spec) {
  if (spec.data.num_dims != 1) {
    return "its data have " + std::to_string(spec.data.num_dims) + " dimensions; only 1-D data come in point by point";
  }
  if (spec.bidirectional.front()) {
    return "it also runs backwards, from the end of the sequence; only networks trained with bidirectional false "
           "stream";
  }
  if (task_info(spec.task).collapse == Collapse::kAll) {
    return "its task, " + to_string(spec.task) + ", has one output for the whole sequence";
  }
  return "";
}

template <class Real>
std::unique_ptr<StreamRun> Engine<Real>::make_stream() const {
  return std::make_unique<StreamOf<Real>>(*this);
}
template std::unique_ptr<StreamRun> Engine<float>::make_stream() const;
template std::unique_ptr<StreamRun> Engine<double>::make_stream() const;

class StreamImpl {
 public:
  explicit StreamImpl(const Network& network) : engine_(network.engine()) {
    const std::string why = why_no_stream(network.spec());
    if (!why.empty()) throw ConfigError("the network cannot stream: " + why);
    run_ = engine_.make_stream();
  }

  void set_raw(bool raw) { raw_ = raw; }

  const StreamOutput& push(const float* inputs, Index points, Index input_size) {
    check_input_size(input_size, engine_.layout().spec.data.input_size);
    run_->push(prepared(*engine_.hold_normalisation(), inputs, points, input_size), points, output_);
    return output_;
  }
  const StreamOutput& finish() {
    run_->finish(output_);
    return output_;
  }
  void reset() { run_->reset(); }

 private:
  // The numbers of a chunk as the network takes them. They are checked then, too: a tiny standard deviation makes
  // infinite numbers of finite ones.
  const float* prepared(const Normalisation& normalisation, const float* inputs, Index points, Index input_size) {
    check_points(inputs, points);
    check_numbers(inputs, points, input_size, "input ");
    if (!raw_ || normalisation.inputs.empty()) return inputs;
    normalised_.resize(static_cast<std::size_t>(points * input_size));
    normalise_rows(normalisation.inputs, inputs, points, normalised_.data());
    check_numbers(normalised_.data(), points, input_size, "normalised input ");
    return normalised_.data();
  }

  const EngineBase& engine_;
  std::unique_ptr<StreamRun> run_;
  bool raw_ = false;
  std::vector<float> normalised_;  // [points, input size] of the chunk at hand
  StreamOutput output_;
};

Stream::Stream(const Network& network) : impl_(std::make_unique<StreamImpl>(network)) {}
Stream::~Stream() = default;
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;

const StreamOutput& Stream::push(const float* inputs, Index points, Index input_size) {
  return impl_->push(inputs, points, input_size);
}
const StreamOutput& Stream::finish() { return impl_->finish(); }
void Stream::set_raw(bool raw) { impl_->set_raw(raw); }
void Stream::reset() { impl_->reset(); }

}  // namespace rnnlib
