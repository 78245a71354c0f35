/* Nothing typed is lost.
 *
 * Forms with data-unsaved (="always" where what they hold is not stored anywhere yet): leaving the
 * page with unsaved edits asks first, and the text of each textarea is kept on this device until it
 * is saved. When the same form of the same person is opened again and its text differs, the kept
 * text is offered back.
 *
 * A draft is forgotten when: the server took it (the form's page was followed by a redirect to
 * a page without that form), the text equals what is stored, somebody discards it, the person
 * signs out, or a week has passed. */
"use strict";

{
  const PREFIX = "draft:";
  const WEEK_MS = 7 * 24 * 60 * 60 * 1000;
  const WAIT_MS = 400;
  const user = document.body.dataset.user || "";
  let leaving = false;

  const key = (form, area) =>
    `${PREFIX}${user}:${new URL(form.action, location.href).pathname}:${area.name}`;

  const drafts = () => {
    try {
      return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
    } catch {
      return [];
    }
  };

  const read = (name) => {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  };

  const keep = (name, text, sent = false) => {
    try {
      localStorage.setItem(name, JSON.stringify({ text, at: Date.now(), sent }));
    } catch {
      /* Full or refused. The text is still in its box, and leaving still asks. */
    }
  };

  const forget = (name) => {
    try {
      localStorage.removeItem(name);
    } catch {
      /* Then there was nothing kept either. */
    }
  };

  /* What the server gave back refused is in the boxes as if it were stored, and is not. */
  const refused = (form) =>
    form.dataset.unsaved === "always" || form.querySelector(".form-errors") !== null;

  const edited = (form) =>
    refused(form) ||
    [...form.elements].some((control) => {
      if (control.disabled || control.type === "hidden" || !control.name) return false;
      /* Only to try something out: it goes with the form and is stored nowhere. */
      if (control.closest("[data-not-kept]")) return false;
      if (control.type === "checkbox" || control.type === "radio") {
        return control.checked !== control.defaultChecked;
      }
      if (control instanceof HTMLSelectElement) {
        const given = [...control.options].some((option) => option.defaultSelected);
        return [...control.options].some((option, index) =>
          given || control.multiple
            ? option.selected !== option.defaultSelected
            : option.selected && index !== 0,
        );
      }
      return "defaultValue" in control && control.value !== control.defaultValue;
    });

  const button = (text, action) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button button-small";
    made.textContent = text;
    made.addEventListener("click", action);
    return made;
  };

  const offer = (area, name, draft) => {
    const bar = document.createElement("div");
    bar.className = "draft-offer";
    bar.setAttribute("role", "status");
    const words = document.createElement("span");
    const when = new Date(draft.at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
    words.textContent = translated("A text that was not saved is kept on this device, from {when}.", {
      when,
    });
    const restore = button(translated("Bring it back"), () => {
      area.value = draft.text;
      bar.remove();
      area.focus();
    });
    const discard = button(translated("Discard it"), () => {
      forget(name);
      bar.remove();
      area.focus();
    });
    bar.append(words, restore, discard);
    area.before(bar);
  };

  const watch = (form) => {
    if (form.dataset.watched) return;
    form.dataset.watched = "yes";
    for (const area of form.querySelectorAll("textarea[name]")) {
      const name = key(form, area);
      const draft = read(name);
      if (draft && draft.text && draft.text !== area.value) offer(area, name, draft);
      else if (draft && !refused(form)) forget(name);
      let timer = 0;
      area.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(() => keep(name, area.value), WAIT_MS);
      });
    }
    form.addEventListener("submit", () => {
      for (const area of form.querySelectorAll("textarea[name]")) {
        if (area.value !== area.defaultValue) keep(key(form, area), area.value, true);
      }
      if (!form.hasAttribute("hx-post")) leaving = true;
    });
  };

  const watchAll = (root) => {
    for (const form of root.querySelectorAll("form[data-unsaved]")) watch(form);
  };

  /* Drafts that the server took, and old ones. */
  const [visit] = performance.getEntriesByType("navigation");
  const redirected = visit !== undefined && visit.redirectCount > 0;
  const open = new Set();
  for (const form of document.querySelectorAll("form[data-unsaved]")) {
    for (const area of form.querySelectorAll("textarea[name]")) open.add(key(form, area));
  }
  for (const name of drafts()) {
    const draft = read(name);
    const taken = draft && draft.sent && redirected && !open.has(name);
    if (!draft || taken || Date.now() - draft.at > WEEK_MS) forget(name);
  }

  watchAll(document);
  document.addEventListener("htmx:load", (event) => {
    if (event.target.matches?.("form[data-unsaved]")) watch(event.target);
    watchAll(event.target);
  });

  /* A piece saved in place: its form is gone after the answer, so the text was taken. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const form = event.detail.requestConfig?.elt?.closest?.("form[data-unsaved]");
    if (!form || event.detail.xhr.status >= 300 || !event.detail.shouldSwap) return;
    for (const area of form.querySelectorAll("textarea[name]")) forget(key(form, area));
  });

  addEventListener("beforeunload", (event) => {
    if (leaving) return;
    if ([...document.querySelectorAll("form[data-unsaved]")].some(edited)) event.preventDefault();
  });
  addEventListener("pageshow", () => {
    leaving = false;
  });

  for (const form of document.querySelectorAll("form[data-signs-out]")) {
    form.addEventListener("submit", () => drafts().forEach(forget));
  }
}
