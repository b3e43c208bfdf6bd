// Draws the charts of a page (templates/charts/chart.html), also those that arrive later, and draws them anew when
// their room changes. Colours come from the style sheet, so another theme needs no drawing.

const FIGURES = "figure[data-chart]";
let drawing = null;

const widths = new ResizeObserver((entries) => {
  for (const { target } of entries) if (target.clientWidth !== Number(target.dataset.width)) draw(target.closest(FIGURES));
});

/** Loads what draws with the first chart; the table stays where it does not load. */
async function draw(figure) {
  drawing ??= import("./charts/figure.js");
  const { show } = await drawing;
  if (figure.isConnected) show(figure);
}

const known = new WeakSet();

function look() {
  for (const figure of document.querySelectorAll(FIGURES)) {
    if (known.has(figure)) continue;
    known.add(figure);
    draw(figure).then(() => widths.observe(figure.querySelector(".chart-room")));
  }
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.(`${FIGURES} [data-save]`);
  if (button) import("./charts/saving.js").then(({ save }) => save(button.closest(FIGURES), button.dataset.save));
});
new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
look();
