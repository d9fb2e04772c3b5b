// SPDX-License-Identifier: Apache-2.0
// What every layer is and does. A network is a list of layers, and all that is asked of a network (its weights' names,
// shapes, memory, forward, backward, traces, streams) is a loop over that list. A new kind of layer is a file that
// implements these classes and a row in registry.cpp.
//
//   Layer         sizes, names and connections; made once with the network, then read only
//   LayerWeights  its weights as its products read them; read only while sequences run. Many layers need none
//   LayerState    its buffers, and forward and backward passes of batches; one per workspace
//   LayerStream   its part of a stream: one point after another
//
// Calls of virtual functions are per layer and batch (of streams: per point), never per unit.
#pragma once

#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "layers/buffer_sizer.h"
#include "layers/keep.h"
#include "layers/weight_placer.h"
#include "rnnlib/graph.h"
#include "rnnlib/spec.h"
#include "rnnlib/trace.h"
#include "tensor/batch_shape.h"
#include "tensor/wave_schedule.h"

namespace rnnlib {

// A layer of the graph, as a part of the rows that a layer hands on: the hidden layers of a level lie side by side.
struct OutputPart {
  std::string layer;     // its name
  IndexMap columns;      // where each of its units lies in a row
  Index direction = -1;  // as LayerInfo::direction
};

// The rows that a layer hands on, one per point.
struct LayerOutput {
  Index size = 0;    // units of a row
  int num_dims = 0;  // of the points
  std::vector<OutputPart> parts;
};

// What a layer is made from.
struct LayerContext {
  const NetworkSpec& spec;
  std::size_t level;         // the level of the spec that it belongs to
  const LayerOutput& below;  // what it reads
  WeightPlacer& weights;

  const LevelSpec& level_spec() const { return spec.levels[level]; }
  bool is_last_level() const { return level + 1 == spec.levels.size(); }
  std::string level_number() const;  // zero-padded when there are ten levels or more
  std::string hidden_name(Index direction) const;
  // A row of the network table for a layer of the level that reads all of `below`.
  LayerInfo level_info(const std::string& kind, const std::string& name, const std::string& type, Index size) const;
  // The one layer that it reads, where there can only be one.
  const std::string& source() const { return below.parts.front().layer; }
};

LayerInfo make_layer_info(const std::string& kind, const std::string& name, const std::string& type, Index size);

// Names of the layers whose rows lie side by side in an output.
std::vector<std::string> part_names(const LayerOutput& output);

// A layer without its numbers.
class LayerBase {
 public:
  virtual ~LayerBase() = default;

  // The layers of the graph that it stands for, each the target of its own connections.
  const std::vector<LayerInfo>& infos() const { return infos_; }
  const LayerOutput& output() const { return output_; }
  // The number of units in a row that it reads.
  Index input_size() const { return input_size_; }

  // Shape of the points that it hands on, for that of the points that it reads.
  virtual Shape output_shape(const Shape& input) const { return input; }
  // Points of the network's input that a point stands for along each dimension, above the layer and below.
  virtual Shape output_step(const Shape& below) const { return below; }
  // Whether there are shapes of points that it cannot read; check_input() throws DataError for one of them.
  virtual bool limits_input() const { return false; }
  virtual void check_input(const Shape& shape) const { (void)shape; }
  // Points of an average wave; infinite for a layer whose points do not wait for each other.
  virtual double wave_width(const Shape& input) const {
    (void)input;
    return std::numeric_limits<double>::infinity();
  }

 protected:
  // By default a layer hands on rows like those it reads.
  explicit LayerBase(const LayerOutput& below) : output_(below), input_size_(below.size) {}

  std::vector<LayerInfo> infos_;
  LayerOutput output_;
  Index input_size_;
};

// Dropout between levels (Srivastava et al. 2014), for training: a share of the numbers that a level reads from the
// level below is 0, and the others are larger by 1 / (1 - rate).
struct Dropout {
  double rate = 0;
  const std::uint64_t* seeds = nullptr;  // one per sequence: which numbers are dropped
};

// What holds for all layers during a pass.
template <class Real>
struct Pass {
  const Real* packed = nullptr;  // all weights, in the packed order
  Keep keep = Keep::kNothing;
  Real limit = Real(1);  // bounds the deltas of cells with a state; infinity for exact gradients
  Dropout dropout;
  const Real* inputs = nullptr;  // of the batch, [points, input size], in place of the sequences' own; null: theirs
  bool input_errors = false;     // the backward pass gives the errors of the inputs, too

  const Real* at(Index offset) const { return packed + offset; }
};

// The rows that a layer reads and writes, and their errors: [points, units]. Null where nobody wants them.
template <class Real>
struct LayerRows {
  const Real* input = nullptr;
  const Real* output = nullptr;
  Real* d_output = nullptr;
  Real* d_input = nullptr;
};

template <class Real>
class LayerWeights {
 public:
  virtual ~LayerWeights() = default;
  // Parts that can be packed at the same time.
  virtual Index tasks() const = 0;
  // Packs a part of the weights; `packed`, all weights in the packed order, must outlive this.
  virtual void pack(Index task, const Real* packed) = 0;
};

template <class Real>
class LayerState {
 public:
  explicit LayerState(const LayerBase& layer) : layer_(layer) {}
  virtual ~LayerState() = default;

  // The shapes of the batches to come; with schedules also the order in which points are visited. A batch like the last
  // one runs without this, and so without asking for memory.
  void set_shapes(const BatchShape& input);
  virtual void find_schedule(ScheduleCache& schedules) { (void)schedules; }
  const BatchShape& input_batch() const { return input_batch_; }
  const BatchShape& output_batch() const { return output_batch_; }

  // Its own buffers for a pass over such a batch; inputs, outputs and their errors are the caller's.
  virtual void size_buffers(const Pass<Real>& pass, BufferSizer& size) { (void)pass, (void)size; }

  // Whether the rows it reads are those it hands on. Then neither forward() nor backward() is called.
  virtual bool passes_through(const Pass<Real>& pass) const {
    (void)pass;
    return false;
  }

  // input [points, input size] -> output [output points, output size], written
  virtual void forward(const Pass<Real>& pass, const LayerWeights<Real>* weights, const Real* input, Real* output) = 0;

  // After forward: adds to d_weights (all weights in the packed order, aligned as a Buffer is) and writes d_input,
  // unless it is null. What lies in d_output may be overwritten unless the pass is for a trace.
  virtual void backward(const Pass<Real>& pass, const LayerWeights<Real>* weights, const LayerRows<Real>& rows,
                        Real* d_weights) = 0;

  // After a pass of a single sequence with Keep::kForTrace, backward too where rows.d_output is there: adds the
  // variables of its layers in RNNLIB's names, units and orders (docs/behaviour.md, "Dumps").
  virtual void trace(const LayerRows<Real>& rows, std::vector<TraceVariable>& variables) const {
    (void)rows, (void)variables;
  }

 protected:
  const LayerBase& layer_;
  BatchShape input_batch_;
  BatchShape output_batch_;
};

template <class Real>
class LayerStream {
 public:
  virtual ~LayerStream() = default;
  // One that goes on by itself from where this one is.
  virtual std::unique_ptr<LayerStream<Real>> copy() const = 0;
  // A new sequence begins.
  virtual void reset() = 0;
  // The next point, [input size]. Returns the point that it completes, [output size], or null.
  virtual const Real* step(const Pass<Real>& pass, const LayerWeights<Real>* weights, const Real* input) = 0;
  // The sequence has ended: a point that is still to come, or null when there are no more.
  virtual const Real* finish(const Pass<Real>& pass, const LayerWeights<Real>* weights) {
    (void)pass, (void)weights;
    return nullptr;
  }
};

// Makes a layer's parts in one precision.
template <class Real>
class LayerFactory {
 public:
  virtual ~LayerFactory() = default;
  virtual std::unique_ptr<LayerState<Real>> make_state(Real) const = 0;
  // Null: the layer reads its weights, if it has any, in the packed order.
  virtual std::unique_ptr<LayerWeights<Real>> make_weights(Real) const { return nullptr; }
  virtual Index weight_elements(Real) const { return 0; }  // of LayerWeights
  // Null: the layer cannot stream.
  virtual std::unique_ptr<LayerStream<Real>> make_stream(Real) const { return nullptr; }
};

// A layer between the input and the output layer.
class Layer : public LayerBase, public LayerFactory<float>, public LayerFactory<double> {
 public:
  using LayerFactory<float>::make_state, LayerFactory<double>::make_state;
  using LayerFactory<float>::make_weights, LayerFactory<double>::make_weights;
  using LayerFactory<float>::weight_elements, LayerFactory<double>::weight_elements;
  using LayerFactory<float>::make_stream, LayerFactory<double>::make_stream;

 protected:
  using LayerBase::LayerBase;
};

template <class Real>
void LayerState<Real>::set_shapes(const BatchShape& input) {
  input_batch_ = input;
  output_batch_ = BatchShape();
  for (const Shape& shape : input.shapes) output_batch_.add(layer_.output_shape(shape));
}

}  // namespace rnnlib
