// Texts to the clipboard, files to the disk.

import { h } from "./elements.js";

// Browsers that shut the clipboard to pages from a disk still copy what is selected.
/** @param {string} text */
function copySelected(text) {
  const area = h("textarea", { class: "sr-only", readonly: true });
  area.value = text;
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  focused?.focus();
  return done;
}

/** @param {string} text @returns {Promise<boolean>} */
export const copyText = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
};

const KEPT_MS = 10_000; // a browser that asks where to put the file reads it later

/** @param {Blob} blob @param {string} name */
export function saveFile(blob, name) {
  const href = URL.createObjectURL(blob);
  h("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), KEPT_MS);
}
