// SPDX-License-Identifier: Apache-2.0
// Runs networks beside the page, which stays quick: what it is asked for is one of ACTIONS, and each message gets one
// answer with its number.

let engine = null;
const networks = new Map();

const ACTIONS = {
  async load({ name, bytes, url }) {
    engine ??= await startEngine();
    const network = engine.network(bytes ?? (await fetchBytes(url)), name);
    if (network.recipe?.kind !== "lines") {
      const found = network.recipe === null ? "it has none" : `its is for ${network.recipe.kind}`;
      network.free();
      throw new Error(`${name}: images of text lines need a network with a recipe for lines; ${found}`);
    }
    networks.get(name)?.free();
    networks.set(name, network);
    return { labels: network.labels, numWeights: network.numWeights };
  },

  read({ name, image }) {
    const begin = performance.now();
    const { text, characters, shape } = networks.get(name).read(image);
    return { text, characters, shape, milliseconds: performance.now() - begin };
  },
};

async function startEngine() {
  try {
    const { loadEngine } = await import("../rnnlib/rnnlib.js");
    return await loadEngine();
  } catch (error) {
    throw new Error(
      "The engine could not be loaded. These pages may have been made without it (ci/wasm.sh builds it), or the " +
        `browser may be too old: it needs WebAssembly with SIMD and exceptions. (${error.message})`,
    );
  }
}

async function fetchBytes(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: the server answers ${response.status} ${response.statusText}`);
  return response.arrayBuffer();
}

self.onmessage = async ({ data: { id, action, ...request } }) => {
  try {
    self.postMessage({ id, result: await ACTIONS[action](request) });
  } catch (error) {
    self.postMessage({ id, error: error.message });
  }
};
