// Tools for what one does with a view: full screen, a link to it.

import { settleAddress } from "../state/address.js";
import { word } from "../state/words.js";
import { copyText } from "./copying.js";
import { $ } from "./elements.js";
import { addTool, tellNews } from "./tools.js";

const FRAME = "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5";
const CHAIN = "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.700-5.700l-1.200 1.200M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.700 5.700l1.200-1.200";

function turnScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else $("toolbar").closest("main")?.requestFullscreen().catch(() => tellNews(word("page.no_fullscreen")));
}

function copyLink() {
  settleAddress();
  copyText(location.href).then((done) => tellNews(word(done ? "page.link_copied" : "page.link_in_bar")));
}

export function startSharing() {
  const screen = addTool({ name: "fullscreen", title: "page.tool_fullscreen", icon: FRAME, press: turnScreen });
  document.addEventListener("fullscreenchange", () => screen.setAttribute("aria-pressed", String(document.fullscreenElement !== null)));
  screen.setAttribute("aria-pressed", "false");
  addTool({ name: "link", title: "page.tool_link", icon: CHAIN, press: copyLink });
}
