/* The responder's box: Enter looks up, the arrow keys walk through what was found while typing, and
 * Escape goes back to the box. Without this file the button looks up. */
"use strict";

{
  const box = document.getElementById("lookup-text");
  const links = () => [...document.querySelectorAll("#answers h2 a, #answers .result-title")];

  /* To the next answer, or to the one before; from the first back to the box. */
  const walk = (step) => {
    const found = links();
    const next = found.indexOf(document.activeElement) + step;
    if (!found.length) return false;
    if (next < 0) box.focus();
    else found[Math.min(next, found.length - 1)].focus();
    return true;
  };

  box?.addEventListener("keydown", (event) => {
    if (event.isComposing || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter" && box.value.trim()) {
      event.preventDefault();
      box.form.requestSubmit();
    }
    /* Within several lines the arrow moves in them; from the last line it goes on to the answers. */
    const atEnd = !box.value.slice(box.selectionEnd).includes("\n");
    if (event.key === "ArrowDown" && atEnd && walk(1)) event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if (!box || event.defaultPrevented || !document.activeElement?.closest("#answers")) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && links().includes(document.activeElement) && walk(step)) event.preventDefault();
    if (event.key === "Escape") box.focus();
  });
}
