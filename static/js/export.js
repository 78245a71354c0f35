/* What was being written while somebody looked is fetched as soon as it is there. */
"use strict";

document.addEventListener("htmx:afterSwap", () => {
  const ready = document.querySelector("[data-fetch]");
  if (!ready) return;
  const address = ready.dataset.fetch;
  delete ready.dataset.fetch;
  /* It comes as an attachment: the page stays. */
  location.assign(address);
});
