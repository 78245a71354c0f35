/* The palette: Ctrl-K (on a Mac Cmd-K) opens it, also while somebody types. What the server finds
 * comes after what can be done on the page that is open; the arrow keys choose, Enter opens.
 * The focus stays in the box, and goes back to where it was when the palette closes. */
"use strict";

{
  const WAIT_MS = 150;
  const OF_THE_PAGE = 6;
  const dialog = document.getElementById("palette");
  const box = document.getElementById("palette-text");
  const list = document.getElementById("palette-found");
  const none = document.getElementById("palette-none");
  const said = document.getElementById("palette-said");
  let waiting = 0;
  let asking = null;
  /* Enter may come before what was typed is answered: then it opens what the answer puts first. */
  let isAnswered = true;
  let opensNext = false;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");

  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    box.setAttribute("aria-activedescendant", option?.id ?? "");
    option?.scrollIntoView({ block: "nearest" });
  };

  const wordsOf = (text) => text.toLocaleLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);

  const textOf = (element) => {
    const copy = element.cloneNode(true);
    for (const count of copy.querySelectorAll(".count")) count.remove();
    return copy.textContent.trim().replace(/\s+/g, " ");
  };

  /* An action says what it does; where several say the same, the heading above says to what. */
  const nameOf = (action) => {
    const text = textOf(action);
    const heading = action.closest(".card, section")?.querySelector("h2, h3");
    return heading ? `${textOf(heading)}: ${text}` : text;
  };

  const ofThePage = (typed) => {
    const wanted = wordsOf(typed);
    const actions = document.querySelectorAll("main a.button, main button.button:not([disabled])");
    const found = new Map();
    for (const action of actions) {
      /* What can be done with one row of many is done in its row. */
      if (!action.checkVisibility() || action.closest("li, tr")) continue;
      const name = nameOf(action);
      const words = wordsOf(name);
      const fits = wanted.every((one) => words.some((word) => word.startsWith(one)));
      if (fits && name && !found.has(name)) found.set(name, action);
    }
    return [...found].slice(0, OF_THE_PAGE);
  };

  const grouped = (actions) => {
    const group = document.createElement("div");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", translated("On this page"));
    const head = document.createElement("div");
    head.className = "palette-kind";
    head.setAttribute("aria-hidden", "true");
    head.textContent = translated("On this page");
    group.append(head);
    for (const [name, action] of actions) {
      const option = document.createElement("button");
      option.type = "button";
      option.className = "palette-option";
      option.tabIndex = -1;
      option.setAttribute("role", "option");
      const label = document.createElement("bdi");
      label.className = "palette-name";
      label.textContent = name;
      option.append(label);
      /* Closed first: the focus goes back, and the action may then take it. */
      option.addEventListener("click", () => {
        dialog.close();
        action.click();
      });
      group.append(option);
    }
    return group;
  };

  const show = (html) => {
    const actions = ofThePage(box.value);
    list.innerHTML = html;
    if (actions.length) list.prepend(grouped(actions));
    const found = options();
    for (const [place, option] of found.entries()) {
      option.id = `palette-${place}`;
      option.setAttribute("aria-selected", "false");
    }
    list.hidden = found.length === 0;
    box.setAttribute("aria-expanded", String(found.length > 0));
    tell(found.length ? "" : translated("Nothing is called that. Enter searches in all texts."));
    said.textContent = translatedCount(found.length, "{count} result", "{count} results");
    list.scrollTop = 0;
    choose(found[0]);
    isAnswered = true;
    if (opensNext) box.form.requestSubmit();
  };

  const tell = (text) => {
    none.textContent = text;
    none.hidden = !text;
  };

  const fail = (text) => {
    opensNext = false;
    show("");
    tell(text);
    said.textContent = text;
  };

  const ask = async () => {
    asking?.abort();
    const mine = (asking = new AbortController());
    const address = `${dialog.dataset.palette}?${new URLSearchParams({ q: box.value })}`;
    dialog.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" }, signal: mine.signal });
      if (answer.redirected) fail(translated("You have been signed out: sign in again."));
      else if (!answer.ok) {
        const { status } = answer;
        fail(translated("That could not be looked up: the server answered {status}.", { status }));
      } else show(await answer.text());
    } catch (error) {
      if (error.name !== "AbortError") {
        fail(translated("That could not be looked up: no answer from the server."));
      }
    } finally {
      if (asking === mine) dialog.removeAttribute("aria-busy");
    }
  };

  const askSoon = () => {
    isAnswered = false;
    opensNext = false;
    clearTimeout(waiting);
    waiting = setTimeout(ask, WAIT_MS);
  };

  const open = () => {
    if (dialog.open || document.querySelector("dialog[open]")) return;
    box.value = "";
    isAnswered = false;
    dialog.showModal();
    box.focus();
    ask();
  };

  const walk = (event) => {
    const found = options();
    const from = found.indexOf(chosen());
    const to = { ArrowDown: from + 1, ArrowUp: from - 1 }[event.key];
    if (to === undefined || !found.length) return;
    event.preventDefault();
    choose(found[(to + found.length) % found.length]);
  };

  if (dialog) {
    document.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "k" || event.shiftKey || event.altKey) return;
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      if (dialog.open) dialog.close();
      else open();
    });
    box.addEventListener("keydown", (event) => {
      if (!event.isComposing) walk(event);
    });
    box.addEventListener("input", askSoon);
    box.form.addEventListener("submit", (event) => {
      if (!isAnswered) {
        event.preventDefault();
        opensNext = true;
        return;
      }
      opensNext = false;
      const option = chosen();
      /* Nothing was found: it is searched for, as without a script. */
      if (!option) return;
      event.preventDefault();
      option.click();
    });
    dialog.addEventListener("close", () => {
      opensNext = false;
      clearTimeout(waiting);
      asking?.abort();
      list.replaceChildren();
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-closes-palette]")) dialog.close();
    });
    const mac = /Mac|iPhone|iPad/.test(navigator.platform);
    for (const opener of document.querySelectorAll("[data-opens-palette]")) {
      const key = opener.querySelector("kbd");
      if (mac && key) key.textContent = "⌘ K";
      opener.hidden = false;
      opener.addEventListener("click", open);
    }
  }
}
