// The span question: marks in the texts on the screen. What is kept is in the hidden field of each row.

import { HELP, Keyboard } from "../spans/keyboard.js";
import { Marker } from "../spans/marker.js";
import { Pointer } from "../spans/pointer.js";

const attached = new WeakMap(); // article -> {markers, active}
let onScreen = [];

/** Makes a span question work. Of several on one page that is active in which something was last done. */
export function attach(fieldset, article) {
  const here = attached.get(article) ?? { markers: [], active: null };
  attached.set(article, here);
  const marker = new Marker(fieldset, article);
  marker.keyboard = new Keyboard(marker);
  marker.pointer = new Pointer(marker, () => (here.active ?? here.markers[0]) === marker);
  here.markers.push(marker);
  fieldset.keyHelp = helpOf(marker);
  fieldset.addEventListener("focusin", () => activate(here, marker));
  fieldset.closest("form").addEventListener("filled", () => marker.load());
  if (article.isConnected) onScreen = here.markers;
}

function helpOf({ labels, fieldset }) {
  const own = [...labels.values()].filter((label) => label.shortcut && label.whole !== "required");
  const help = HELP.filter(({ keys }) => keys[0] !== "w" || fieldset.querySelector("[data-whole]"));
  return [...own.map((label) => ({ keys: [label.shortcut], does: `in the text: ${label.text}${label.hint && ` (${label.hint})`}` })), ...help];
}

function activate(here, marker) {
  if (here.active === marker) return;
  here.active?.rest();
  here.active = marker;
}

/** An item that has left the screen has its marks taken away, one that comes back has them painted again. */
function shown() {
  const now = attached.get(document.querySelector("article.work"))?.markers ?? [];
  for (const marker of onScreen) if (!now.includes(marker)) marker.away();
  onScreen = now;
  for (const marker of onScreen) marker.repaint();
}

const all = (act) => (event) => onScreen.forEach((marker) => act(marker, event));
document.getElementById("work")?.addEventListener("shown", shown);
document.addEventListener("pointerup", all((marker, event) => marker.pointer.release(event)));
document.addEventListener("selectionchange", all((marker) => marker.pointer.native()));
document.addEventListener("scroll", all((marker) => marker.palette.follow()), { capture: true, passive: true });
window.addEventListener("resize", all((marker) => marker.palette.follow()));
