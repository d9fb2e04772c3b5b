// SPDX-License-Identifier: Apache-2.0
// Pixels of an image file, as the engine takes them: upright as its EXIF data say, colours as they are in the file,
// transparent parts white.

const MOST_PIXELS = 2 ** 27; // as the command line has it

export async function pixelsOf(file) {
  if (file.size === 0) throw new Error(`${file.name}: the file is empty, expected an image`);
  const bitmap = await decode(file);
  const { width, height } = bitmap;
  if (width * height > MOST_PIXELS) {
    throw new Error(`${file.name}: has ${width} x ${height} pixels, expected at most ${MOST_PIXELS}`);
  }
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { data: context.getImageData(0, 0, width, height).data, width, height };
}

async function decode(file) {
  try {
    return await createImageBitmap(file, { colorSpaceConversion: "none" });
  } catch {
    throw new Error(
      `${file.name}: is no image that this browser can read; expected PNG, JPEG, WebP, GIF or BMP, one line of text`,
    );
  }
}
