// SPDX-License-Identifier: Apache-2.0
// Runs networks with the module for browsers in Node.js, as test_module.py asks for them on the standard input.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { module, requests } = JSON.parse(readFileSync(0, "utf-8"));
const { loadEngine } = await import(pathToFileURL(`${module}/rnnlib.js`));
const engine = await loadEngine(readFileSync(`${module}/engine.wasm`));

function answer({ path, bytes, inputs, shape, raw, image, again }) {
  const network = engine.network(bytes ? Uint8Array.from(bytes) : readFileSync(path), path);
  try {
    const { task, labels, numDims, inputSize, outputSize, numWeights, isNormalised, recipe } = network;
    const about = { task, labels, numDims, inputSize, outputSize, numWeights, isNormalised, recipe };
    const plain = (prediction) => ({ ...prediction, outputs: [...prediction.outputs] });
    if (image !== undefined) {
      const pixels = { ...image, data: Uint8Array.from(image.data) };
      const input = network.lineInput(pixels);
      const reading = network.read(pixels);
      return { about, input: [...input.values], ...reading, prediction: plain(reading.prediction) };
    }
    if (again) network.free();
    return { about, prediction: plain(network.predict(Float32Array.from(inputs), shape, { raw })) };
  } finally {
    if (!again) network.free();
  }
}

const answers = requests.map((request) => {
  try {
    return answer(request);
  } catch (error) {
    return { error: { name: error.name, status: error.status, message: error.message } };
  }
});
console.log(JSON.stringify({ version: engine.version, answers }));
