/* What the site says back is heard: what came with the page is said again once the page is there,
 * since a screen reader hears only what changes. What comes later lies over the page, and moves
 * nothing. It stays until somebody dismisses it or leaves the page.
 *
 * One way for all: the event "say", with a text and a tone (success, info, warning, error). A script
 * sends it, or an answer to htmx by its header: HX-Trigger: {"say": {"text": "…", "tone": "…"}}. */
"use strict";

{
  const MOST = 3;
  const WAIT_MS = 200;
  const toasts = document.getElementById("toasts");
  const pattern = document.getElementById("toast");
  const announcer = document.getElementById("announcer");

  const say = ({ text, tone = "info" }) => {
    const box = pattern.content.firstElementChild.cloneNode(true);
    box.classList.add(`message-${tone}`);
    box.querySelector(".message-text").textContent = text;
    /* The same again is said again, and stands there once. */
    box.dataset.text = text;
    for (const one of [...toasts.children]) {
      if (one.dataset.text === text) one.remove();
    }
    toasts.append(box);
    while (toasts.childElementCount > MOST) toasts.firstElementChild.remove();
  };

  if (toasts) {
    document.addEventListener("say", (event) => say(event.detail));

    document.addEventListener("click", (event) => {
      const closer = event.target.closest?.("[data-closes-message]");
      if (!closer) return;
      const next = closer.closest(".message").nextElementSibling;
      closer.closest(".message").remove();
      /* The focus does not fall to the top of the page. */
      (next?.querySelector("[data-closes-message]") ?? document.getElementById("main"))?.focus();
    });

    const came = [...document.querySelectorAll("[data-said] .message-text")];
    if (came.length && announcer) {
      setTimeout(() => {
        announcer.textContent = came.map((one) => one.textContent.trim()).join(" ");
      }, WAIT_MS);
    }
  }
}
