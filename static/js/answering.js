// The questions of an item away from the desk: in a preview, and where a researcher decides. Only a form that posts is
// sent.

import { clearRow, followSlider, touchSlider } from "./choosing.js";
import { refresh } from "./form.js";

document.documentElement.classList.add("scripted");
const article = document.querySelector("article.work");

async function begin() {
  for (const fieldset of article.querySelectorAll("fieldset[data-widget]")) {
    const module = await import(`./widgets/${fieldset.dataset.widget}.js`);
    module.attach(fieldset, article);
  }
  refresh(article);
}

if (article) {
  for (const kind of ["input", "change"]) {
    article.addEventListener(kind, (event) => {
      followSlider(event);
      refresh(article);
    });
  }
  article.addEventListener("click", (event) => {
    touchSlider(event);
    const clear = event.target.closest("[data-action=clear]");
    if (clear) clearRow(clear.closest("[data-row]"));
  });
  article.addEventListener("submit", (event) => {
    if (event.target.method !== "post") event.preventDefault();
  });
  begin();
}
