/* Keys. An element says which keys belong to it: data-key="e", or data-key="g i" for two in
 * a row. A text box is focused, anything else is clicked. "?" opens the list of them.
 *
 * Keys are ignored while somebody types, with Ctrl, Alt or Meta held, and while an input method
 * composes a character. The list has a switch that turns them off (WCAG 2.1.4). */
"use strict";

{
  const OFF = "keys-off";
  const SECOND_KEY_WITHIN_MS = 1200;
  const dialog = document.getElementById("keys");
  const switcher = document.getElementById("keys-on");
  let first = "";
  let firstAt = 0;

  const read = () => {
    try {
      return localStorage.getItem(OFF) === null;
    } catch {
      return true;
    }
  };
  let on = read();

  const turn = (wanted) => {
    on = wanted;
    try {
      if (wanted) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "1");
    } catch {
      /* Holds for this page only. */
    }
  };

  const typing = (target) =>
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest("textarea, select, input:not([type=checkbox], [type=radio])") !== null);

  const act = (keys) => {
    const element = document.querySelector(`[data-key="${CSS.escape(keys)}"]`);
    if (!element) return false;
    if (element.matches("input, textarea")) {
      element.focus();
      element.select();
    } else {
      element.click();
    }
    return true;
  };

  /* Other scripts of the page may have a use for it: they prevent the default of this event. */
  const told = (keys) =>
    !document.dispatchEvent(new CustomEvent("keys:pressed", { detail: keys, cancelable: true }));

  const openList = () => {
    if (!dialog.open) dialog.showModal();
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.defaultPrevented) return;
    if (event.key === "Escape") {
      for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
      if (document.activeElement?.id === "search-box") document.activeElement.blur();
      return;
    }
    if (!on || typing(event.target) || document.querySelector("dialog[open]")) return;

    if (event.key === "?") {
      event.preventDefault();
      openList();
      return;
    }
    const second = first && event.timeStamp - firstAt < SECOND_KEY_WITHIN_MS;
    const keys = second ? `${first} ${event.key}` : event.key;
    first = "";
    if (act(keys) || told(keys)) {
      event.preventDefault();
    } else if (!second && document.querySelector(`[data-key^="${CSS.escape(event.key)} "]`)) {
      first = event.key;
      firstAt = event.timeStamp;
    }
  });

  if (dialog && switcher) {
    switcher.checked = on;
    switcher.addEventListener("change", () => turn(switcher.checked));
    for (const opener of document.querySelectorAll("[data-opens-keys]")) {
      opener.hidden = false;
      opener.addEventListener("click", openList);
    }
    dialog.addEventListener("click", (event) => {
      /* A click on the backdrop has the dialog itself as its target. */
      if (event.target === dialog) dialog.close();
    });
  }
}
