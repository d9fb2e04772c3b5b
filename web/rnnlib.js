// SPDX-License-Identifier: Apache-2.0
// Networks in the browser: loads engine.wasm, the engine's C interface (rnnlib/c_api.h), and gives it the form of
// JavaScript. A plain ES module for pages, workers and Node.js; its types are in rnnlib.d.ts.
import { Memory, instantiate } from "./memory.js";

// rnnlib_status, by number.
const STATUS = ["ok", "argument", "config", "data", "format", "io", "memory", "numeric", "internal"];
const FLOAT = 0; // rnnlib_precision
const IMAGE_BYTES = 48; // sizes of structures; where their members are: layout.cpp
const PREDICTION_BYTES = 64;
const POSITION_BYTES = 16;

export class RnnlibError extends Error {
  constructor(status, message) {
    super(message);
    this.name = "RnnlibError";
    this.status = status;
  }
}

export async function loadEngine(source = new URL("engine.wasm", import.meta.url)) {
  return new Engine(await instantiate(source));
}

class Engine {
  constructor(functions) {
    this.functions = functions;
    this.memory = new Memory(functions);
    this.version = this.memory.text(functions.rnnlib_version());
  }

  network(bytes, name = "the network") {
    const { memory } = this;
    return memory.scope((borrow) => {
      const data = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
      const at = borrow(data.length);
      memory.bytes.set(data, at);
      const made = borrow(4);
      this.call("rnnlib_network_parse", at, data.length, memory.borrowText(borrow, name), FLOAT, made);
      return new Network(this, memory.pointer(made));
    });
  }

  // Calls a function that returns a rnnlib_status.
  call(name, ...values) {
    const status = this.functions[name](...values);
    if (status === 0) return;
    throw new RnnlibError(STATUS[status] ?? "internal", this.memory.text(this.functions.rnnlib_last_error()));
  }
}

class Network {
  #engine;
  #handle;
  #workspace = 0;
  #recipe = 0;

  constructor(engine, handle) {
    this.#engine = engine;
    this.#handle = handle;
    const { functions, memory } = engine;
    const size = (name) => Number(functions[`rnnlib_network_${name}`](handle));
    this.task = memory.text(functions.rnnlib_network_task(handle));
    this.numDims = size("num_dims");
    this.inputSize = size("input_size");
    this.outputSize = size("output_size");
    this.numWeights = size("num_weights");
    this.isNormalised = size("has_normalisation") === 1;
    this.labels = Array.from({ length: size("num_labels") }, (_, i) =>
      memory.text(functions.rnnlib_network_label(handle, BigInt(i))),
    );
    try {
      this.#workspace = this.#new("rnnlib_workspace_new");
      this.recipe = this.#readRecipe();
    } catch (error) {
      this.free();
      throw error;
    }
  }

  free() {
    const { functions } = this.#engine;
    functions.rnnlib_recipe_free(this.#recipe);
    functions.rnnlib_workspace_free(this.#workspace);
    functions.rnnlib_network_free(this.#handle);
    this.#handle = this.#workspace = this.#recipe = 0;
  }

  predict(inputs, shape, { raw = false } = {}) {
    this.#needHandle();
    if (inputs.length % this.inputSize !== 0) {
      throw new RnnlibError("data", `${inputs.length} inputs are no points of ${this.inputSize} inputs each`);
    }
    const { memory } = this.#engine;
    return memory.scope((borrow) => {
      const values = borrow(inputs.length * 4);
      memory.floats.set(inputs, values / 4);
      const sizes = borrow(shape.length * 8);
      shape.forEach((size, i) => memory.setInt(sizes + 8 * i, size));
      const points = inputs.length / this.inputSize;
      const made = borrow(PREDICTION_BYTES);
      this.#engine.call("rnnlib_workspace_set_raw", this.#workspace, raw ? 1 : 0);
      this.#engine.call(
        "rnnlib_workspace_run",
        ...[this.#workspace, values, BigInt(points), BigInt(this.inputSize), sizes, shape.length, made],
      );
      return this.#prediction(made);
    });
  }

  lineInput(image) {
    this.#needHandle();
    if (this.#recipe === 0) throw new RnnlibError("config", "the network has no recipe: it is not made for images");
    const { memory } = this.#engine;
    const { data, width, height } = image;
    return memory.scope((borrow) => {
      const at = borrow(IMAGE_BYTES);
      const pixels = borrow(data.length);
      memory.bytes.set(data, pixels);
      memory.setPointer(at, pixels);
      const channels = image.channels ?? 4;
      [data.length, width, height, channels, 0].forEach((value, i) => memory.setInt(at + 8 * (i + 1), value));
      const sizes = borrow(16);
      this.#engine.call("rnnlib_recipe_line_shape", this.#recipe, BigInt(width), BigInt(height), sizes);
      const shape = [memory.int(sizes), memory.int(sizes + 8)];
      const count = shape[0] * shape[1];
      const values = borrow(count * 4);
      this.#engine.call("rnnlib_recipe_line_input", this.#recipe, at, values, BigInt(count));
      return { values: memory.floats.slice(values / 4, values / 4 + count), shape };
    });
  }

  read(image) {
    const { values, shape } = this.lineInput(image);
    const prediction = this.predict(values, shape, { raw: true });
    const scale = image.width / shape[0];
    const characters = prediction.labels.map((label, i) => ({
      label: this.labels[label],
      confidence: prediction.confidences[i],
      left: prediction.inputPositions[i].first * scale,
      right: (prediction.inputPositions[i].last + 1) * scale,
    }));
    return { text: this.#text(prediction.labels), characters, shape, prediction };
  }

  // The handle that a function of two pointers (network, result) makes.
  #new(name) {
    const { memory } = this.#engine;
    return memory.scope((borrow) => {
      const made = borrow(4);
      this.#engine.call(name, this.#handle, made);
      return memory.pointer(made);
    });
  }

  // Null for a network without one, which can be used with inputs that the caller makes.
  #readRecipe() {
    const { functions, memory } = this.#engine;
    try {
      this.#recipe = this.#new("rnnlib_recipe_of_network");
    } catch (error) {
      if (error.status === "config") return null;
      throw error;
    }
    return {
      kind: memory.text(functions.rnnlib_recipe_kind(this.#recipe)),
      rightToLeft: functions.rnnlib_recipe_right_to_left(this.#recipe) === 1,
    };
  }

  #needHandle() {
    if (this.#handle === 0) throw new RnnlibError("argument", "the network was freed");
  }

  // What is in a rnnlib_prediction, copied: its arrays last until the next run.
  #prediction(at) {
    const { memory } = this.#engine;
    const [points, size, count] = [memory.int(at), memory.int(at + 8), memory.int(at + 24)];
    const ints = (address, n) => Array.from({ length: n }, (_, i) => memory.int(address + 8 * i));
    const positions = (address) =>
      address === 0
        ? []
        : Array.from({ length: count }, (_, i) => ({
            first: memory.int(address + POSITION_BYTES * i),
            last: memory.int(address + POSITION_BYTES * i + 8),
          }));
    const isTranscription = memory.pointer(at + 36) !== 0;
    return {
      outputs: memory.doubles(memory.pointer(at + 16), points * size),
      points,
      size,
      labels: ints(memory.pointer(at + 32), count),
      positions: positions(memory.pointer(at + 36)),
      inputPositions: positions(memory.pointer(at + 40)),
      confidences: isTranscription ? [...memory.doubles(memory.pointer(at + 44), count)] : [],
    };
  }

  #text(labels) {
    const { memory } = this.#engine;
    return memory.scope((borrow) => {
      const numbers = borrow(labels.length * 8);
      labels.forEach((label, i) => memory.setInt(numbers + 8 * i, label));
      const length = borrow(4);
      const ask = (text, room) =>
        this.#engine.call(
          "rnnlib_recipe_text",
          ...[this.#recipe, this.#handle, numbers, BigInt(labels.length), text, room, length],
        );
      ask(0, 0);
      const room = memory.pointer(length) + 1;
      const text = borrow(room);
      ask(text, room);
      return memory.text(text);
    });
  }
}
