/* In every document that opens, before anything else of it runs: who calls `hit(N)` is counted in the
 * outermost one. `fire()` does to a document all that a reader could. */
"use strict";
{
  const told = (number) => {
    try {
      (top.hits ??= new Set()).add(number);
    } catch {
      /* A document of nowhere may not look at its surroundings. */
      top.postMessage({ hit: number }, "*");
    }
  };
  window.hit = (number) => told(Array.isArray(number) ? Number(number[0]) : number);
  for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => told(window.name);
  if (window === top) {
    window.hits ??= new Set();
    addEventListener("message", ({ data }) => {
      if (data?.hit !== undefined) told(data.hit);
    });
  }

  /* Touching everything is no reason to send anything. */
  const { open } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.open = function (method, ...more) {
    if (method.toUpperCase() !== "GET") throw new Error("Nothing is sent.");
    return open.call(this, method, ...more);
  };
  HTMLFormElement.prototype.submit = function () {
    if (RUNS.test(this.action)) this.requestSubmit();
  };
  addEventListener(
    "submit",
    (event) => {
      if (!RUNS.test(event.submitter?.formAction ?? event.target.action)) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    },
    true,
  );

  const RUNS = /^\s*(javascript|vbscript|data):/i;
  const EVERY = ["focus", "blur", "input", "change", "mouseover", "mouseenter", "pointerenter", "pointerdown",
    "mousedown", "mouseup", "toggle", "load", "error", "animationstart", "transitionend", "scroll", "wheel",
    "paste", "copy", "dragstart", "drop", "contextmenu"];

  /* What was set off has happened. */
  window.later = () => new Promise((done) => setTimeout(done, 250));

  const quietly = (act) => {
    try {
      act();
    } catch {
      /* What a document of our own says to an event that nobody sent is not the question. */
    }
  };

  /* Where the element leads, also where that is a letter or two away from an address. */
  const leads = (element) =>
    ["href", "action", "formAction", "src", "data"].some((name) => {
      const value = element[name];
      return RUNS.test(value?.animVal ?? value?.baseVal ?? value ?? "");
    }) || RUNS.test(element.getAttribute("href") ?? element.getAttribute("xlink:href") ?? "");

  const fireAt = (element, view) => {
    for (const { name } of [...element.attributes]) {
      if (/^on/i.test(name)) quietly(() => element.dispatchEvent(new view.Event(name.slice(2).toLowerCase())));
    }
    for (const name of EVERY) quietly(() => element.dispatchEvent(new view.Event(name)));
    if (leads(element)) {
      if (element.localName === "form") quietly(() => element.requestSubmit());
      else quietly(() => element.dispatchEvent(new view.MouseEvent("click", { bubbles: true, cancelable: true })));
    }
  };

  window.fire = (view = window) => {
    const all = [...view.document.querySelectorAll("*")];
    for (const element of all) fireAt(element, view);
    for (const element of all) {
      if (element.localName === "iframe" || element.localName === "object") {
        quietly(() => element.contentDocument && window.fire(element.contentWindow));
      }
    }
    return all.length;
  };

  /* As somebody's script would: read, written, and read again. */
  const twiceRead = (html) => {
    const place = document.createElement("div");
    for (let time = 0; time < 2; time++) {
      place.innerHTML = html;
      html = place.innerHTML;
    }
    return html;
  };

  /* Each text as a document of its own within this one, whose policy it has, too. */
  window.framed = async ([texts, twice]) => {
    const frames = texts.map(([number, html]) => {
      const frame = document.createElement("iframe");
      frame.name = number;
      frame.srcdoc = twice ? twiceRead(html) : html;
      return frame;
    });
    const opened = frames.map((frame) => new Promise((done) => (frame.onload = done)));
    document.body.replaceChildren(...frames);
    await Promise.race([Promise.all(opened), new Promise((done) => setTimeout(done, 15000))]);
    for (const frame of frames) quietly(() => window.fire(frame.contentWindow));
    await later();
  };
}
