// What a pressed key is called: as the registry names it, and as pages show it.

const FACES = { ArrowLeft: "←", ArrowRight: "→", ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc", Delete: "Del" };

/** Letters and digits by their place on the keyboard where the layout has none (Cyrillic, Arabic, AZERTY digits). */
export function keyOf(event) {
  let key = event.key;
  if (/^Key[A-Z]$/.test(event.code) && key.length === 1 && key > "\x7f") key = event.code[3];
  if (/^Digit\d$/.test(event.code) && !event.shiftKey && !/^[\x20-\x7e]$/.test(key)) key = event.code[5];
  return key.length === 1 ? key.toLowerCase() : key;
}

/** The key with Ctrl (or ⌘) in front where that is held. */
export function chordOf(event) {
  const plain = keyOf(event);
  return event.ctrlKey || event.metaKey ? `Ctrl+${plain}` : plain;
}

export function faceOf(key) {
  const [, before, letter] = key.match(/^(.+)\+(.+)$/) ?? [null, "", key];
  const shown = FACES[letter] ?? (letter.length === 1 ? letter.toUpperCase() : letter);
  return before ? `${before} ${shown}` : shown;
}
