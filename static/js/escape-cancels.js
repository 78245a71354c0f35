/* Escape in a form that was opened in place does what its "Cancel" does. What was typed into its
 * text areas is kept as a draft (unsaved.js). */
"use strict";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
  const cancel = event.target.closest?.("form")?.querySelector("[data-cancels]");
  if (!cancel) return;
  event.preventDefault();
  cancel.click();
});
