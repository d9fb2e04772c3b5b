// SPDX-License-Identifier: Apache-2.0
// Images of text lines, dropped or chosen, and the network that reads them: one of this site or a file.
import { button, element, resultPlace } from "./elements.js";
import { pixelsOf } from "./image.js";

const MODELS = [
  ["fraktur", "German Fraktur of the 19th century (1.3 MB)"],
  ["drawn_digits", "Digits drawn with a mouse or a finger"],
];

export function readLines(reader) {
  const result = resultPlace("Drop an image of one line of text here, choose a file, or take the example.");
  const picture = element("img", { className: "reader-picture", alt: "" });
  const scroll = element("div", { className: "reader-scroll", role: "region", "aria-label": "The image", tabIndex: 0 });
  scroll.append(picture);
  scroll.hidden = true;
  const options = [...MODELS, ["", "A file of mine (.safetensors or .save)"]];
  const model = element(
    "select",
    { id: "reader-model" },
    ...options.map(([value, text]) => element("option", { value }, text)),
  );
  const modelFile = element("input", { type: "file", id: "reader-model-file", accept: ".safetensors,.save" });
  const ownModel = field("File of the network", modelFile);
  const imageFile = element("input", { type: "file", id: "reader-image", accept: "image/*" });
  ownModel.hidden = true;
  let image = null;

  async function network() {
    if (model.value !== "") {
      await reader.loadModel(model.value);
      return model.value;
    }
    const [file] = modelFile.files;
    if (file === undefined) throw new Error("Choose the file of a network first.");
    await reader.loadFile(file);
    return file.name;
  }

  async function read() {
    if (image === null) return;
    result.wait("Reading …");
    try {
      const name = await network();
      result.show(await reader.read(name, image));
    } catch (error) {
      result.fail(error.message);
    }
  }

  async function take(file) {
    image = null;
    scroll.hidden = true;
    try {
      image = await pixelsOf(file);
    } catch (error) {
      return result.fail(error.message);
    }
    URL.revokeObjectURL(picture.src);
    picture.src = URL.createObjectURL(file);
    picture.alt = `The image ${file.name}`;
    scroll.hidden = false;
    return read();
  }

  // Each network of this site has an image.
  async function takeExample() {
    if (model.value === "") model.value = MODELS[0][0];
    ownModel.hidden = true;
    const name = `${model.value}.png`;
    const response = await fetch(new URL(name, import.meta.url));
    return take(new File([await response.blob()], name));
  }

  model.onchange = () => {
    ownModel.hidden = model.value !== "";
    if (model.value !== "" || modelFile.files.length > 0) read();
  };
  modelFile.onchange = read;
  imageFile.onchange = () => imageFile.files.length > 0 && take(imageFile.files[0]);
  const tools = element("div", { className: "reader-tools" }, button("Read the example", takeExample));
  const drop = element("div", { className: "reader-drop" }, field("Image of a line", imageFile), tools);
  acceptDrops(drop, take);
  return element("div", { className: "reader-part" }, field("Network", model), ownModel, drop, scroll, result.place);
}

function field(text, input) {
  return element("p", { className: "reader-choice" }, element("label", { for: input.id }, text), input);
}

function acceptDrops(place, take) {
  const light = (isOn) => place.classList.toggle("reader-over", isOn);
  place.ondragover = (event) => {
    event.preventDefault();
    light(true);
  };
  place.ondragleave = () => light(false);
  place.ondrop = (event) => {
    event.preventDefault();
    light(false);
    const [file] = event.dataTransfer.files;
    if (file !== undefined) take(file);
  };
}
