// SPDX-License-Identifier: Apache-2.0
#include "rnnlib/stream.h"

#include <algorithm>
#include <cmath>

#include "network/check_sequence.h"
#include "network/engine.h"
#include "network/normalise.h"
#include "optim/all_finite.h"
#include "rnnlib/error.h"

namespace rnnlib {

namespace {

// The points on their way from layer to layer.
template <class Real>
class StreamOf : public StreamRun {
 public:
  explicit StreamOf(const Engine<Real>& engine)
      : engine_(engine),
        loss_(engine.loss_for({})),
        decoder_(engine.layout().make_decoder_run()),
        blocks_(engine.layout().spec.input_block, engine.layout().spec.data.input_size) {
    for (const auto& layer : layout().layers) layers_.push_back(layer->make_stream(Real()));
    reset();
  }

  StreamOf(const StreamOf& other)
      : engine_(other.engine_),
        loss_(other.loss_),
        decoder_(layout().make_decoder_run()),
        weights_(other.weights_),
        pass_(other.pass_),
        blocks_(other.blocks_),
        next_point_(other.next_point_) {
    for (const auto& layer : other.layers_) layers_.push_back(layer->copy());
    decoder_->begin();
  }
  StreamOf& operator=(const StreamOf&) = delete;
  ~StreamOf() override = default;

  std::unique_ptr<StreamRun> copy() const override { return std::make_unique<StreamOf>(*this); }

  void reset() override {
    blocks_.reset();
    for (auto& layer : layers_) layer->reset();
    weights_ = {};
    next_point_ = 0;
    decoder_->begin();
    prediction_.labels.clear();
    prediction_.positions.clear();
    prediction_.confidences.clear();
  }

  void set_decoder(std::shared_ptr<const Decoder> decoder) override {
    decoder_ = decoder == nullptr ? layout().make_decoder_run() : decoder->make_run(layout().output_size);
    given_decoder_ = std::move(decoder);
    reset();
  }

  void push(const float* inputs, Index points, StreamOutput& output) override {
    const Index size = layout().spec.data.input_size;
    run(output, [&] {
      for (Index t = 0; t < points; ++t) run_layers(0, blocks_.push(inputs + t * size), output);
    });
  }

  void finish(StreamOutput& output) override {
    run(output, [&] {
      run_layers(0, blocks_.finish(), output);
      for (std::size_t k = 0; k < layers_.size(); ++k) {
        while (const Real* point = layers_[k]->finish(pass_, weights_->layers[k].get())) {
          run_layers(k + 1, point, output);
        }
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

  // A point that layer k is to read, and what it completes above; null: nothing.
  void run_layers(std::size_t k, const Real* point, StreamOutput& output) {
    for (; point != nullptr && k < layers_.size(); ++k) {
      point = layers_[k]->step(pass_, weights_->layers[k].get(), point);
    }
    if (point != nullptr) run_output(point, output);
  }

  void run_output(const Real* hidden, StreamOutput& output) {
    const Index size = layout().output_size;
    Real* net = net_.resize(size);
    std::copy_n(pass_.at(layout().output->bias), size, net);
    layout().output->add_net(pass_, hidden, 1, net);
    OutputView<Real> view;
    view.net = net;
    view.output = output_.resize(size);
    view.points = 1;
    view.size = size;
    view.shape = {1};
    loss_->activate(view);
    output.outputs.insert(output.outputs.end(), view.output, view.output + size);
    decoder_->step(output.outputs.data() + output.points * size, 1, prediction_);
    take_labels(output);
    ++output.points;
  }

  // So that a long sequence takes no more memory than a short one.
  void take_labels(StreamOutput& output) {
    output.labels.insert(output.labels.end(), prediction_.labels.begin(), prediction_.labels.end());
    for (const LabelPosition& position : prediction_.positions) output.label_points.push_back(position.first);
    prediction_.labels.clear();
    prediction_.positions.clear();
    prediction_.confidences.clear();
  }

  void begin(StreamOutput& output) {
    if (!weights_) weights_ = engine_.hold_weights();
    pass_.packed = weights_->values.data();
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
  std::shared_ptr<const Loss<Real>> loss_;
  std::unique_ptr<DecoderRun> decoder_;
  std::shared_ptr<const Decoder> given_decoder_;  // null: the task's own
  HeldWeights<Real> weights_;                     // of the sequence begun
  Pass<Real> pass_;
  PointQueue<Real> blocks_;                                 // of the input
  std::vector<std::unique_ptr<LayerStream<Real>>> layers_;  // like those of the layout
  Buffer<Real> net_;                                        // [output_size]
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
  const bool has_directions =
      std::any_of(spec.levels.begin(), spec.levels.end(), [](const LevelSpec& level) { return !level.is_convolution; });
  if (has_directions && spec.bidirectional.front()) {
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

  StreamImpl(const StreamImpl& other) : engine_(other.engine_), raw_(other.raw_) {
    const Task task = engine_.layout().spec.task;
    if (task_info(task).has_positions()) {
      throw ConfigError("a stream of task " + to_string(task) + " cannot be copied: its decoder may hold labels back");
    }
    run_ = other.run_->copy();
  }
  StreamImpl& operator=(const StreamImpl&) = delete;
  ~StreamImpl() = default;

  void set_raw(bool raw) { raw_ = raw; }
  void set_decoder(std::shared_ptr<const Decoder> decoder) {
    check_decoder(engine_.layout().spec.task, decoder.get());
    run_->set_decoder(std::move(decoder));
  }

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
Stream::Stream(const Stream& other)
    : impl_(other.impl_ == nullptr ? nullptr : std::make_unique<StreamImpl>(*other.impl_)) {}
Stream::~Stream() = default;
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;

const StreamOutput& Stream::push(const float* inputs, Index points, Index input_size) {
  return impl_->push(inputs, points, input_size);
}
const StreamOutput& Stream::finish() { return impl_->finish(); }
void Stream::set_raw(bool raw) { impl_->set_raw(raw); }
void Stream::set_decoder(std::shared_ptr<const Decoder> decoder) { impl_->set_decoder(std::move(decoder)); }
void Stream::reset() { impl_->reset(); }

}  // namespace rnnlib
