// SPDX-License-Identifier: Apache-2.0
// What the page asks the worker for.

export class Reader {
  #worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  #waiting = new Map();
  #asked = 0;
  #loaded = new Map();

  constructor() {
    this.#worker.onmessage = ({ data: { id, result, error } }) => {
      const { resolve, reject } = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) resolve(result);
      else reject(new Error(error));
    };
    this.#worker.onerror = (event) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(event.message || "the worker did not start"));
      this.#waiting.clear();
    };
  }

  // A network of this site, loaded once.
  loadModel(name) {
    if (!this.#loaded.has(name)) {
      const url = new URL(`../models/${name}.safetensors`, import.meta.url).href;
      const loading = this.#ask({ action: "load", name, url });
      loading.catch(() => this.#loaded.delete(name));
      this.#loaded.set(name, loading);
    }
    return this.#loaded.get(name);
  }

  // A network in a file of the user.
  async loadFile(file) {
    return this.#ask({ action: "load", name: file.name, bytes: await file.arrayBuffer() });
  }

  // { text, characters, shape, milliseconds } of an image { data (RGBA), width, height }.
  read(name, image) {
    return this.#ask({ action: "read", name, image });
  }

  #ask(request) {
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...request });
    });
  }
}
