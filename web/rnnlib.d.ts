// SPDX-License-Identifier: Apache-2.0
// The types of rnnlib.js.

/** What a call found wrong; the words are those of rnnlib_status in rnnlib/c_api.h. */
export class RnnlibError extends Error {
  readonly status: "argument" | "config" | "data" | "format" | "io" | "memory" | "numeric" | "internal";
}

/**
 * Loads the engine.
 * @param source engine.wasm: where it is (by default beside rnnlib.js), the answer of fetch(), its bytes, or a module
 * that is compiled already. Node.js cannot fetch files: give it the bytes.
 */
export function loadEngine(
  source?: string | URL | Response | ArrayBuffer | ArrayBufferView | WebAssembly.Module,
): Promise<Engine>;

export interface Engine {
  /** The library's version, "0.1.0". */
  readonly version: string;
  /**
   * A network of the bytes of a save or of a safetensors file.
   * @param name what errors call it
   * @throws RnnlibError for bytes that are no network, or a damaged one
   */
  network(bytes: ArrayBuffer | Uint8Array, name?: string): Network;
}

/** A network and the memory that its runs need. */
export interface Network {
  /** "transcription", "classification", ... as configs spell it. */
  readonly task: string;
  /** Without transcription's blank. */
  readonly labels: string[];
  /** Of sequences: 1 for sounds and series, 2 for images. */
  readonly numDims: number;
  /** Numbers per input point. */
  readonly inputSize: number;
  /** Numbers per output point. */
  readonly outputSize: number;
  readonly numWeights: number;
  /** Whether the file says what its training data were normalised with: see `raw` of predict(). */
  readonly isNormalised: boolean;
  /** How inputs are made of files; null where the file does not say it. */
  readonly recipe: { readonly kind: "lines" | "audio" | "ink" | "table"; readonly rightToLeft: boolean } | null;

  /**
   * The text in an image of a line, treated as `rnnlib-py read` does.
   * @throws RnnlibError where the recipe is not for images, and for an image that is too small, large or wide
   */
  read(image: LineImage): Reading;
  /** The input that read() makes of an image. Errors as there. */
  lineInput(image: LineImage): { values: Float32Array; shape: [number, number] };
  /**
   * Runs any network.
   * @param inputs [points, inputSize], the last dimension of the shape fastest
   * @param shape points along each dimension, x of an image first
   * @param options raw: inputs are as they were measured, and are normalised as the training data were
   * @throws RnnlibError where sizes do not fit the network
   */
  predict(inputs: Float32Array | number[], shape: number[], options?: { raw?: boolean }): Prediction;
  /** Gives the memory back; the network cannot be used any more. */
  free(): void;
}

/** Row after row from the top. ImageData is one. */
export interface LineImage {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  /** 1: grey, 2: grey and alpha, 3: RGB, 4 (default): RGBA. */
  readonly channels?: 1 | 2 | 3 | 4;
}

export interface Reading {
  /** With blanks for white space; where recipe.rightToLeft is true, as the letters stand in the image. */
  readonly text: string;
  /** One for each label; left and right are where it was read, in pixels of the image. */
  readonly characters: { label: string; confidence: number; left: number; right: number }[];
  /** Width and height of the input. */
  readonly shape: [number, number];
  readonly prediction: Prediction;
}

export interface Prediction {
  /** [points, size]: probabilities (of two classes: of the second), or values of a regression. */
  readonly outputs: Float64Array;
  readonly points: number;
  readonly size: number;
  /** Numbers into `labels` of the network. Transcription: what was read; classification: one per output point. */
  readonly labels: number[];
  /** Transcription: where each label was read, in output points, both included. */
  readonly positions: Position[];
  /** The same in points of the input along its first dimension. */
  readonly inputPositions: Position[];
  /** Transcription: how sure each label is, from 0 to 1. */
  readonly confidences: number[];
}

export interface Position {
  readonly first: number;
  readonly last: number;
}
