// SPDX-License-Identifier: Apache-2.0
// The memory of a WebAssembly module as JavaScript sees it, and what the module needs of its surroundings.

// Bytes from JavaScript to the module and back. Views are made anew for each access: when the module's memory grows,
// older ones are empty.
export class Memory {
  #functions;
  #decoder = new TextDecoder();
  #encoder = new TextEncoder();

  constructor(functions) {
    this.#functions = functions;
  }

  get #buffer() {
    return this.#functions.memory.buffer;
  }
  get bytes() {
    return new Uint8Array(this.#buffer);
  }
  get floats() {
    return new Float32Array(this.#buffer);
  }
  get #view() {
    return new DataView(this.#buffer);
  }

  // Runs work(borrow); borrow(bytes) gives an address that is given back afterwards.
  scope(work) {
    const borrowed = [];
    const borrow = (size) => {
      const at = this.#functions.malloc(Math.max(size, 1)) >>> 0;
      if (at === 0) throw new RangeError(`there is not enough memory for ${size} bytes`);
      borrowed.push(at);
      return at;
    };
    try {
      return work(borrow);
    } finally {
      for (const at of borrowed) this.#functions.free(at);
    }
  }

  // Text as C has it: UTF-8 with a zero at its end.
  borrowText(borrow, text) {
    const bytes = this.#encoder.encode(text);
    const at = borrow(bytes.length + 1);
    this.bytes.set(bytes, at);
    this.bytes[at + bytes.length] = 0;
    return at;
  }

  text(at) {
    const { bytes } = this;
    return this.#decoder.decode(bytes.subarray(at >>> 0, bytes.indexOf(0, at >>> 0)));
  }

  pointer(at) {
    return this.#view.getUint32(at, true);
  }
  setPointer(at, value) {
    this.#view.setUint32(at, value, true);
  }
  int(at) {
    return Number(this.#view.getBigInt64(at, true));
  }
  setInt(at, value) {
    this.#view.setBigInt64(at, BigInt(value), true);
  }

  // A copy.
  doubles(at, count) {
    return new Float64Array(this.#buffer.slice(at, at + 8 * count));
  }
}

// The functions of a module: of its bytes, or of what fetch() takes.
export async function instantiate(source) {
  const module = await compile(source);
  let memory = null;
  const { exports } = await WebAssembly.instantiate(module, surroundings(() => new DataView(memory.buffer)));
  memory = exports.memory;
  exports._initialize();
  return exports;
}

async function compile(source) {
  if (source instanceof WebAssembly.Module) return source;
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return WebAssembly.compile(source);
  const response = source instanceof Response ? source : await fetch(source);
  if (!response.ok) throw new Error(`${response.url}: the server answers ${response.status} ${response.statusText}`);
  return WebAssembly.compile(await response.arrayBuffer());
}

// What the module asks its surroundings for: a clock, the environment's variables (there are none), an end. It neither
// reads files nor prints.
function surroundings(view) {
  const success = 0;
  return {
    env: { emscripten_notify_memory_growth: () => {} },
    wasi_snapshot_preview1: {
      clock_time_get: (_clock, _precision, at) => {
        view().setBigUint64(at, BigInt(Math.round(performance.now() * 1e6)), true);
        return success;
      },
      environ_sizes_get: (count, size) => {
        view().setUint32(count, 0, true);
        view().setUint32(size, 0, true);
        return success;
      },
      environ_get: () => success,
      proc_exit: (code) => {
        throw new WebAssembly.RuntimeError(`the engine ended with status ${code}`);
      },
    },
  };
}
