"use strict";
// A page to correct what a network read (docs/text-lines.md, "Correct and train on"). Texts and names come from files of
// strangers: they go into the page as text, never as HTML.

const data = JSON.parse(document.getElementById("data").textContent);
const list = document.getElementById("lines");
const STORE = `rnnlib-py corrections ${data.id}`;
const SURE = 0.95;
const DOUBTFUL = 0.7;
const STATE_NAMES = { unseen: "not looked at", confirmed: "correct", changed: "changed" };

// What the user has made of each line, in the order in which they were given.
const lines = data.lines.map((line, number) => ({ ...line, number, edited: line.text, correct: false }));
let unsaved = false; // changes that are in no file yet

function stateOf(line) {
  if (line.edited !== line.text) return "changed";
  return line.correct ? "confirmed" : "unseen";
}

function make(kind, className, text) {
  const element = document.createElement(kind);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

// ---- A line on the page ----

function sureness(confidence) {
  if (confidence >= SURE) return "sure";
  return confidence >= DOUBTFUL ? "doubtful" : "unsure";
}

// Neighbours of the same sureness share a span, so that Arabic letters stay joined. A click goes to the character.
function readingOf(line) {
  const reading = make("p", "reading");
  reading.dir = "auto";
  let last = null;
  let place = 0;
  for (const [text, confidence] of line.pieces) {
    const kind = sureness(confidence);
    if (last === null || last.className !== kind) {
      last = make("span", kind, "");
      last.start = place;
      last.confidence = confidence;
      reading.append(last);
    }
    last.textContent += text;
    last.confidence = Math.min(last.confidence, confidence);
    if (kind !== "sure") last.title = `${Math.round(100 * last.confidence)} % sure`;
    place += text.length;
  }
  reading.addEventListener("click", (event) => goToCharacter(line, event));
  return reading;
}

function goToCharacter(line, event) {
  const span = event.target;
  if (span.start === undefined || line.edited !== line.text) {
    line.field.focus();
    return;
  }
  const selection = window.getSelection();
  const inside = span.contains(selection.anchorNode) ? selection.anchorOffset : 0;
  line.field.focus();
  line.field.setSelectionRange(span.start + inside, span.start + inside);
}

function pictureOf(line) {
  const box = make("div", "picture");
  line.imageElement = make("img");
  line.imageElement.alt = `Picture of line ${line.number + 1}`;
  line.imageElement.width = line.width;
  line.imageElement.height = line.height;
  box.append(line.imageElement);
  return box;
}

function fieldOf(line) {
  line.field = make("input");
  Object.assign(line.field, { type: "text", dir: "auto", value: line.edited, spellcheck: false, autocomplete: "off" });
  line.field.setAttribute("aria-label", `Text of line ${line.number + 1}, ${line.image}`);
  line.field.addEventListener("input", () => change(line, line.field.value, line.correct));
  line.field.addEventListener("keydown", (event) => pressed(line, event));
  return line.field;
}

function headOf(line) {
  const head = make("div", "head");
  line.stateElement = make("span", "state");
  line.mark = make("input");
  line.mark.type = "checkbox";
  line.mark.addEventListener("change", () => change(line, line.edited, line.mark.checked));
  const label = make("label");
  label.append(line.mark, " correct");
  const undo = make("button", "", "As it was read");
  undo.type = "button";
  undo.setAttribute("aria-label", `Line ${line.number + 1} as it was read`);
  undo.addEventListener("click", () => change(line, line.text, false));
  head.append(make("span", "", `${line.number + 1}`), make("span", "", line.image), line.stateElement, label, undo);
  return head;
}

function build(line) {
  line.element = make("li", "line");
  line.element.append(headOf(line), pictureOf(line), readingOf(line), fieldOf(line));
  line.element.line = line;
  show(line);
}

function show(line) {
  const state = stateOf(line);
  line.element.dataset.state = state;
  line.stateElement.textContent = STATE_NAMES[state];
  if (line.field.value !== line.edited) line.field.value = line.edited;
  line.mark.checked = line.correct;
}

// ---- What the user does ----

function change(line, text, correct) {
  line.edited = text;
  line.correct = correct;
  unsaved = true;
  show(line);
  count();
  remember();
}

function pressed(line, event) {
  if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return; // an input method's keys are its own
  if (event.key === "Enter") {
    change(line, line.edited, true);
    go(line, "nextElementSibling");
  } else if (event.key === "ArrowDown") {
    go(line, "nextElementSibling");
  } else if (event.key === "ArrowUp") {
    go(line, "previousElementSibling");
  } else {
    return;
  }
  event.preventDefault();
}

function go(line, direction) {
  const next = line.element[direction];
  if (next === null) {
    document.getElementById("save").focus();
    return;
  }
  next.scrollIntoView({ block: "center" });
  next.line.field.focus({ preventScroll: true });
}

function count() {
  const counts = { changed: 0, confirmed: 0, unseen: 0 };
  for (const line of lines) counts[stateOf(line)] += 1;
  document.getElementById("counter").textContent =
    `${counts.changed} changed, ${counts.confirmed} correct, ${counts.unseen} of ${lines.length} not looked at`;
  document.getElementById("saved").textContent = unsaved ? "not saved yet" : "";
}

function arrange() {
  const unsure = document.getElementById("order").value === "unsure";
  const ordered = [...lines].sort((a, b) => (unsure ? a.confidence - b.confidence : 0) || a.number - b.number);
  list.append(...ordered.map((line) => line.element));
}

// ---- Keeping the work ----

function remember() {
  const work = lines.filter((line) => stateOf(line) !== "unseen" || line.correct);
  try {
    localStorage.setItem(STORE, JSON.stringify({ unsaved, work: work.map((line) => [line.number, line.edited, line.correct]) }));
  } catch {
    // The browser keeps nothing of this page. It still asks before it is left.
  }
}

function restore() {
  let stored = null;
  try {
    stored = JSON.parse(localStorage.getItem(STORE));
  } catch {
    return;
  }
  if (stored === null || stored.work.length === 0) return;
  for (const [number, edited, correct] of stored.work) Object.assign(lines[number], { edited, correct });
  unsaved = stored.unsaved;
  document.getElementById("restored").hidden = false;
}

function restart() {
  if (!window.confirm("Discard all changes of this page?")) return;
  for (const line of lines) {
    Object.assign(line, { edited: line.text, correct: false });
    show(line);
  }
  unsaved = false;
  remember();
  count();
  document.getElementById("restored").hidden = true;
}

// The file that `rnnlib-py prepare lines --corrections` takes.
function corrections() {
  return {
    format: data.format,
    version: data.version,
    model: data.model,
    created: new Date().toISOString(),
    lines: lines.map((line) => ({
      image: line.image,
      sha256: line.sha256,
      text: line.edited,
      read: line.text,
      state: stateOf(line),
    })),
  };
}

function save() {
  const file = new Blob([`${JSON.stringify(corrections(), null, 1)}\n`], { type: "application/json" });
  const link = make("a");
  link.href = URL.createObjectURL(file);
  link.download = data.file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  unsaved = false;
  remember();
  count();
  document.getElementById("saved").textContent = `saved as ${data.file}`;
}

// ---- Start ----

// Pictures are decoded when they come near the window, so that a page of hundreds opens at once.
const near = new IntersectionObserver(
  (entries) => {
    for (const entry of entries.filter((found) => found.isIntersecting)) {
      entry.target.line.imageElement.src = entry.target.line.picture;
      near.unobserve(entry.target);
    }
  },
  { rootMargin: "1500px" },
);

restore();
lines.forEach(build);
arrange();
count();
for (const line of lines) near.observe(line.element);
document.getElementById("save").addEventListener("click", save);
document.getElementById("order").addEventListener("change", arrange);
document.getElementById("restart").addEventListener("click", restart);
window.addEventListener("keydown", (event) => {
  if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  save();
});
window.addEventListener("beforeunload", (event) => {
  if (!unsaved) return;
  event.preventDefault();
  event.returnValue = true; // older browsers ask only then
});
