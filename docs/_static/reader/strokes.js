// SPDX-License-Identifier: Apache-2.0
// Strokes, lists of points [x, y], as what is seen and as what the network is given.

const HEIGHT = 64; // of the network's image; its recipe reduces it
const MARGIN = 0.12; // around the ink, as a share of its height: examples/drawn_digits/draw.py has the same
const PEN = 0.11; // width, as a share of the ink's height: the middle of what the network learned from
const LOWEST = 0.35; // share of the field's height that a line's ink counts as at least: a dash is not blown up

// Draws strokes as curves through the middles between their points.
export function drawStrokes(context, strokes, penWidth, place = (point) => point) {
  context.lineCap = context.lineJoin = "round";
  context.lineWidth = penWidth;
  for (const stroke of strokes) {
    const points = stroke.map(place);
    const last = points[points.length - 1];
    context.beginPath();
    context.moveTo(...points[0]);
    for (let i = 1; i + 1 < points.length; i++) {
      const [x, y] = points[i];
      context.quadraticCurveTo(x, y, (x + points[i + 1][0]) / 2, (y + points[i + 1][1]) / 2);
    }
    context.lineTo(...last);
    context.stroke();
  }
}

// The image of a line: black strokes on white, cut to the ink, of one height and pen however large they were drawn.
export function lineImage(strokes, fieldHeight) {
  const xs = strokes.flatMap((stroke) => stroke.map(([x]) => x));
  const ys = strokes.flatMap((stroke) => stroke.map(([, y]) => y));
  const [left, right, top, bottom] = [least(xs), most(xs), least(ys), most(ys)];
  const inkHeight = HEIGHT / (1 + 2 * MARGIN);
  const pen = PEN * inkHeight;
  const scale = (inkHeight - pen) / Math.max(bottom - top, LOWEST * fieldHeight);
  const margin = MARGIN * inkHeight + pen / 2;
  const width = Math.ceil((right - left) * scale + 2 * margin);
  const middle = (top + bottom) / 2;
  const canvas = new OffscreenCanvas(width, HEIGHT);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "white";
  context.fillRect(0, 0, width, HEIGHT);
  drawStrokes(context, strokes, pen, ([x, y]) => [(x - left) * scale + margin, (y - middle) * scale + HEIGHT / 2]);
  const { data } = context.getImageData(0, 0, width, HEIGHT);
  return { image: { data, width, height: HEIGHT }, toField: (x) => (x - margin) / scale + left };
}

const least = (values) => values.reduce((a, b) => Math.min(a, b));
const most = (values) => values.reduce((a, b) => Math.max(a, b));
