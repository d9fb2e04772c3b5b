// SPDX-License-Identifier: Apache-2.0
// Puts the two readers into their places on the page.
import { drawDigits } from "./draw_digits.js";
import { readLines } from "./read_lines.js";
import { Reader } from "./reader.js";

const reader = new Reader();
for (const [id, make] of [["reader-digits", drawDigits], ["reader-lines", readLines]]) {
  document.getElementById(id).replaceChildren(make(reader));
}
