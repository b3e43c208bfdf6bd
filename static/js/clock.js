// Active time: counted while the page is visible and there was input within the last half minute.

const IDLE = 30000;
const TICK = 1000;

let item = null;
let lastInput = 0;
let lastTick = 0;
let wasVisible = document.visibilityState === "visible";

/** Counts what passed since the last tick, where the page was visible and in use when it began. */
function tick() {
  const now = performance.now();
  const busy = wasVisible && now - lastInput < IDLE;
  if (item && busy) item.active += Math.min(now - lastTick, 2 * TICK) / 1000;
  lastTick = now;
  wasVisible = document.visibilityState === "visible";
}

/** Counts for `next` from now on; null stops. */
export function countFor(next) {
  tick();
  item = next;
  lastInput = performance.now();
}

/** Seconds of an item so far. */
export function seconds(of) {
  tick();
  return Math.round(of.active * 10) / 10;
}

export function wasActive() {
  return performance.now() - lastInput < IDLE;
}

for (const kind of ["keydown", "pointerdown", "pointermove", "wheel", "scroll", "touchmove", "input"]) {
  document.addEventListener(kind, () => (lastInput = performance.now()), { passive: true, capture: true });
}
document.addEventListener("visibilitychange", tick);
setInterval(tick, TICK);
