/* Advice that comes again leaves open what somebody has opened. */
"use strict";

{
  let open = [];

  document.addEventListener("htmx:beforeSwap", (event) => {
    const before = event.detail.target;
    if (before?.id !== "advice") return;
    open = Array.from(before.querySelectorAll("details[open]"), (one) => one.id);
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "advice") return;
    for (const one of event.target.querySelectorAll("details")) one.open = open.includes(one.id);
  });
}
