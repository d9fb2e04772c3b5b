// SPDX-License-Identifier: Apache-2.0
// The field in which digits are drawn; the network reads while one draws.
import { button, element, resultPlace } from "./elements.js";
import { EXAMPLE } from "./example.js";
import { drawStrokes, lineImage } from "./strokes.js";

const MODEL = "drawn_digits";
const PEN = 0.05; // of the field's height: what is seen; the network's image has a pen of its own

export function drawDigits(reader) {
  const canvas = element("canvas", {
    className: "reader-field",
    role: "img",
    "aria-label": "A field to draw digits in, on a line, with a mouse, a finger or a pen",
  });
  const result = resultPlace("Draw some digits in the field, one beside the other.");
  const places = element("div", { className: "reader-places", "aria-hidden": "true" });
  const strokes = [];
  const undo = button("Undo", () => change(() => strokes.pop()));
  const clear = button("Clear", () => change(() => strokes.splice(0)));
  const example = button("Show an example", () => change(() => strokes.splice(0, strokes.length, ...exampleStrokes())));

  const size = () => ({ width: canvas.clientWidth, height: canvas.clientHeight });
  const exampleStrokes = () => {
    const { width, height } = size();
    const scale = Math.min(height * 0.7, (width * 0.9) / 4.4);
    return EXAMPLE.map((stroke) => stroke.map(([x, y]) => [width * 0.05 + x * scale, height * 0.15 + y * scale]));
  };

  function paint() {
    const { width, height } = size();
    const density = window.devicePixelRatio || 1;
    canvas.width = width * density;
    canvas.height = height * density;
    const context = canvas.getContext("2d");
    context.scale(density, density);
    context.strokeStyle = getComputedStyle(canvas).color;
    drawStrokes(context, strokes, PEN * height);
    undo.disabled = clear.disabled = strokes.length === 0;
  }

  // One reading at a time; after it, what was drawn meanwhile.
  let isReading = false;
  let isNew = false;
  async function read() {
    isNew = true;
    if (isReading) return;
    isReading = true;
    while (isNew) {
      isNew = false;
      await readOnce();
    }
    isReading = false;
  }

  async function readOnce() {
    if (strokes.length === 0) {
      places.replaceChildren();
      return result.empty();
    }
    const { image, toField } = lineImage(strokes, size().height);
    try {
      await reader.loadModel(MODEL);
      const found = await reader.read(MODEL, image);
      if (strokes.length === 0) return;
      result.show(found);
      places.replaceChildren(...found.characters.map((character) => mark(character, toField)));
    } catch (error) {
      result.fail(error.message);
    }
  }

  // A digit below the place where it was read.
  function mark({ label, left, right }, toField) {
    const made = element("span", {}, label);
    made.style.left = `${Math.min(Math.max(toField((left + right) / 2), 8), size().width - 8)}px`;
    return made;
  }

  function change(work) {
    work();
    paint();
    read();
  }

  listen(canvas, strokes, change);
  new ResizeObserver(paint).observe(canvas);
  const tools = element("div", { className: "reader-tools" }, undo, clear, example);
  return element("div", { className: "reader-part" }, canvas, places, tools, result.place);
}

// Strokes of the pointer, whatever it is.
function listen(canvas, strokes, change) {
  let stroke = null;
  const point = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  canvas.onpointerdown = (event) => {
    if (event.button !== 0 || stroke !== null) return;
    canvas.setPointerCapture(event.pointerId);
    stroke = [point(event)];
    change(() => strokes.push(stroke));
    event.preventDefault();
  };
  canvas.onpointermove = (event) => {
    if (stroke === null || !canvas.hasPointerCapture(event.pointerId)) return;
    const all = event.getCoalescedEvents?.() ?? [];
    change(() => stroke.push(...(all.length > 0 ? all : [event]).map(point)));
  };
  canvas.onpointerup = canvas.onpointercancel = () => {
    stroke = null;
  };
}
