/* Somebody types into the responder's box while the server is away: what is said of it leads on to
 * the device, where that has a copy. */
"use strict";

for (const name of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(name, async ({ detail }) => {
    const box = detail.elt;
    if (box.id !== "lookup-text" || !(await offline.store?.has())) return;
    const link = document.createElement("a");
    link.href = `${box.form.action}?${new URLSearchParams({ q: box.value.slice(0, 4000) })}`;
    link.textContent = translated("Look it up on this device.");
    document.querySelector("#toasts .message-error:last-child .message-text")?.append(" ", link);
  });
}
