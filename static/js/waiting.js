/* A wait says that it is one: what is being fetched or saved is marked as busy, from the request to
 * the answer, and the page from which somebody is on the way to another one. The style sheet shows a
 * bar above the page where that takes longer than a blink; what is being saved is also said. */
"use strict";

{
  const BLINK_MS = 300;
  const announcer = document.getElementById("announcer");
  const under = new WeakMap();
  let saying = 0;

  const count = (target, step) => {
    const left = Math.max(0, (under.get(target) ?? 0) + step);
    under.set(target, left);
    if (left) target.setAttribute("aria-busy", "true");
    else target.removeAttribute("aria-busy");
  };

  const saySaving = () => {
    clearTimeout(saying);
    saying = setTimeout(() => {
      if (announcer) announcer.textContent = translated("Saving…");
    }, BLINK_MS);
  };

  /* A newer request may take the place of an older one of the same target. */
  document.addEventListener("htmx:beforeSend", ({ detail }) => {
    count(detail.target, 1);
    if (detail.requestConfig.verb !== "get") saySaving();
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    count(detail.target, -1);
    clearTimeout(saying);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
    saySaving();
  });
  addEventListener("pagehide", () => clearTimeout(saying));

  /* What answers with a file leaves the page where it is. */
  const FILES = /^\/api\/|^\/attachments\/\d+\/$|^\/feeds\/.+\.|\/file\/$/;
  const main = document.getElementById("main");
  const stay = () => main?.removeAttribute("aria-busy");

  globalThis.navigation?.addEventListener("navigate", (event) => {
    const { destination, downloadRequest } = event;
    const { origin, pathname } = new URL(destination.url);
    if (destination.sameDocument || downloadRequest !== null) return;
    if (origin === location.origin && !FILES.test(pathname)) main?.setAttribute("aria-busy", "true");
  });
  globalThis.navigation?.addEventListener("navigateerror", stay);
  addEventListener("pageshow", stay);
  /* Asked whether to leave what is not saved, somebody may stay. */
  addEventListener("beforeunload", (event) => {
    if (event.defaultPrevented) setTimeout(stay);
  });
}
