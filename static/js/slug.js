// Suggests the short name from the name until somebody writes a short name of his own.
"use strict";

const campaignName = document.getElementById("id_name");
const slug = document.getElementById("id_slug");

const slugOf = (text) =>
  text
    .normalize("NFKD")
    .replace(/[^\w\s-]/g, "")
    .trim()
    .toLowerCase()
    .replace(/[-\s]+/g, "-")
    .slice(0, 80);

if (campaignName && slug) {
  let suggested = slug.value === "" || slug.value === slugOf(campaignName.value);
  campaignName.addEventListener("input", () => {
    if (suggested) slug.value = slugOf(campaignName.value);
  });
  slug.addEventListener("input", () => {
    suggested = slug.value === "";
  });
}
