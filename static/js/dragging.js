// Dragging a card of a list by its handle, by mouse, pen or finger. The list itself is never moved under the pointer.

const EDGE = 56;
const SPEED = 12;

/** `pick(card)` may rearrange the list first; `drop(card, others)` gets how many of the list's other children are above. */
export function makeDraggable(list, { pick, drop }) {
  list.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest(".handle");
    if (!handle || event.button !== 0) return;
    event.preventDefault();
    follow(list, handle, event, { pick, drop });
  });
}

function follow(list, handle, start, { pick, drop }) {
  const card = handle.closest("[data-row]");
  const held = start.clientY - card.getBoundingClientRect().top;
  pick(card);
  const end = new AbortController();
  let last = start.clientY;

  const others = () => [...list.children].filter((one) => one !== card && one.offsetHeight);
  const above = (y) => others().filter((one) => middle(one) < y).length;
  const move = (y) => {
    last = y;
    card.style.transform = "";
    const { top, height } = card.getBoundingClientRect();
    card.style.transform = `translateY(${y - held - top}px)`;
    show(others(), above(y - held + height / 2));
  };
  const stop = (dropped) => {
    end.abort();
    cancelAnimationFrame(scrolling);
    const { top, height } = card.getBoundingClientRect();
    const place = above(top + height / 2);
    card.style.transform = "";
    card.classList.remove("dragged");
    show(others(), null);
    if (dropped) drop(card, others().slice(0, place));
  };
  const scroll = () => {
    const by = last < EDGE ? -SPEED : last > window.innerHeight - EDGE ? SPEED : 0;
    if (by) {
      window.scrollBy(0, by);
      move(last);
    }
    scrolling = requestAnimationFrame(scroll);
  };
  let scrolling = requestAnimationFrame(scroll);

  card.classList.add("dragged");
  handle.setPointerCapture(start.pointerId);
  const on = (kind, act) => document.addEventListener(kind, act, { signal: end.signal });
  on("pointermove", (event) => event.pointerId === start.pointerId && move(event.clientY));
  on("pointerup", (event) => event.pointerId === start.pointerId && stop(true));
  on("pointercancel", (event) => event.pointerId === start.pointerId && stop(false));
  on("keydown", (event) => event.key === "Escape" && stop(false));
  move(start.clientY);
}

function middle(element) {
  const { top, height } = element.getBoundingClientRect();
  return top + height / 2;
}

/** A line where the card would go. */
function show(others, place) {
  for (const [n, one] of others.entries()) {
    one.classList.toggle("drop-before", n === place);
    one.classList.toggle("drop-after", n === others.length - 1 && place === others.length);
  }
}
