// SPDX-License-Identifier: Apache-2.0
// Elements of the page, and how a text that was read is shown.

const DOUBTFUL = 0.95; // as in the pages of `rnnlib-py read --format html`
const UNSURE = 0.7;

// An element with properties ("aria-..." and "for" are attributes) and children, which may be texts.
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

export function button(text, onclick) {
  return element("button", { type: "button", onclick }, text);
}

export function percent(share) {
  return `${(100 * share).toFixed(share > 0.995 ? 0 : 1)} %`;
}

// The place where a reading appears. What is read is said to screen readers; how sure the network is, is a table.
export function resultPlace(placeholder) {
  const text = element("p", { className: "reader-text", role: "status", "aria-live": "polite" });
  const notes = element("p", { className: "reader-notes" });
  const rows = element("tbody");
  const heads = ["Read", "Sure", "Pixels"].map((head) => element("th", { scope: "col" }, head));
  const table = element("table", {}, element("thead", {}, element("tr", {}, ...heads)), rows);
  const details = element("details", { hidden: true }, element("summary", {}, "Each character"), table);
  const place = element("div", { className: "reader-result" }, text, notes, details);

  const say = (message, kind) => {
    text.className = `reader-text ${kind}`;
    text.replaceChildren(message);
    notes.textContent = "";
    details.hidden = true;
  };
  say(placeholder, "reader-empty");
  return {
    place,
    empty: () => say(placeholder, "reader-empty"),
    wait: (message) => say(message, "reader-empty"),
    fail: (message) => say(message, "reader-error"),
    show({ text: read, characters, milliseconds }) {
      if (characters.length === 0) return say("Nothing was read.", "reader-empty");
      text.className = "reader-text";
      text.replaceChildren(...marked(read, characters));
      const least = characters.reduce((a, b) => (b.confidence < a.confidence ? b : a));
      notes.textContent =
        `Least sure: ${least.label} (${percent(least.confidence)}). Read in ${milliseconds.toFixed(1)} ms.`;
      rows.replaceChildren(...characters.map(row));
      details.hidden = false;
    },
  };
}

function row({ label, confidence, left, right }) {
  const cells = [label, percent(confidence), `${Math.round(left)} to ${Math.round(right)}`];
  return element("tr", {}, ...cells.map((cell) => element("td", {}, cell)));
}

// The text, where the network was not sure in marks. Labels are matched with the text, which may have fewer blanks.
function marked(text, characters) {
  const parts = [];
  let rest = text;
  for (const { label, confidence } of characters) {
    const shown = rest.startsWith(label) ? label : rest.startsWith(" ") ? " " : "";
    rest = rest.slice(shown.length);
    if (confidence >= DOUBTFUL || shown === "") {
      parts.push(shown);
    } else {
      const className = confidence < UNSURE ? "reader-unsure" : "reader-doubtful";
      parts.push(element("mark", { className, title: percent(confidence) }, shown));
    }
  }
  return parts;
}
