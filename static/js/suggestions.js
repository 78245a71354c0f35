/* What the header's box finds while somebody types: the arrow keys walk through it, Escape goes
 * back to the box, and it closes when the focus leaves. Without this file the box still searches. */
"use strict";

{
  const box = document.getElementById("search-box");
  const panel = () => document.getElementById("suggestions");
  const close = () => panel()?.replaceChildren();

  const walk = (step) => {
    const links = [...panel().querySelectorAll("a")];
    if (!links.length) return false;
    const next = links.indexOf(document.activeElement) + step;
    if (next < 0) box.focus();
    else links[Math.min(next, links.length - 1)].focus();
    return true;
  };

  const form = box?.form;
  form?.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    /* The first Escape closes what was found; the next one leaves the box (keys.js). */
    if (event.key === "Escape" && panel().firstElementChild) {
      event.preventDefault();
      close();
      box.focus();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && (step > 0 || document.activeElement !== box) && walk(step)) event.preventDefault();
  });
  form?.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) close();
  });
  /* An answer that comes when the focus has gone elsewhere is not shown. */
  form?.addEventListener("htmx:beforeSwap", (event) => {
    if (!form.contains(document.activeElement)) event.detail.shouldSwap = false;
  });
}
