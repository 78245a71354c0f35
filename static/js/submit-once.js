/* A form is sent once: its buttons rest while the answer is awaited, and work again when the page
 * comes back from the browser's history. The server refuses doubles by itself; this spares people
 * the question whether the click was heard. */
"use strict";

{
  const buttonsOf = (form) =>
    [...form.elements].filter((control) => control.matches("button:not([type=button])"));

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
    /* After this turn: a disabled button would not be sent with its name and value. */
    setTimeout(() => {
      for (const button of buttonsOf(form)) button.disabled = true;
      event.submitter?.setAttribute("aria-busy", "true");
    });
  });

  const restore = (form) => {
    for (const button of buttonsOf(form)) {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }
  };

  addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.forms) restore(form);
  });

  /* htmx keeps the page: rest from request to answer. */
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.closest?.("form[hx-post]");
    if (!form) return;
    for (const button of buttonsOf(form)) button.disabled = true;
    event.detail.requestConfig?.triggeringEvent?.submitter?.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form[hx-post]");
    if (form) restore(form);
  });
}
