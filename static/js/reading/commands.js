/* Commands that are copied with one press. Where the browser refuses the clipboard, the old way is
 * tried; where that fails too, the command stands selected. */
"use strict";

globalThis.reading ??= {};
{
  const SAID_MS = 2500;
  const PROMPT = /^\s*\$\s+/;
  const GOES_ON = /\\\s*$/;

  /* What belongs into a terminal: of a block that shows a prompt ("$ ls"), its commands alone. */
  const commandIn = (code) => {
    const lines = code.textContent.replace(/\s+$/, "").split("\n");
    if (!PROMPT.test(lines.find((line) => line.trim()) ?? "")) return lines.join("\n");
    let goesOn = false;
    const kept = lines.filter((line) => {
      const isKept = goesOn || PROMPT.test(line);
      goesOn = isKept && GOES_ON.test(line);
      return isKept;
    });
    return kept.map((line) => line.replace(PROMPT, "")).join("\n");
  };

  const copiedTheOldWay = (text) => {
    const area = document.createElement("textarea");
    const { activeElement } = document;
    area.value = text;
    area.readOnly = true;
    area.className = "visually-hidden";
    document.body.append(area);
    area.select();
    let isCopied = false;
    try {
      isCopied = document.execCommand("copy");
    } catch {
      /* Refused. */
    }
    area.remove();
    activeElement?.focus({ preventScroll: true });
    return isCopied;
  };

  const copied = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copiedTheOldWay(text);
    }
  };

  const announce = (text) => {
    const region = document.getElementById("announcer");
    if (region) region.textContent = text;
  };

  const copyFrom = async (button, code) => {
    const isCopied = await copied(commandIn(code));
    const open = code.querySelector(".placeholder:not(.is-filled)")?.textContent;
    if (!isCopied) getSelection().selectAllChildren(code);
    const said = !isCopied
      ? translated("Selected: copy it yourself")
      : open
        ? translated("Copied, with {open} to fill in", { open })
        : translated("Copied");
    button.textContent = said;
    button.classList.toggle("is-done", isCopied && !open);
    announce(said);
    clearTimeout(button.timer);
    button.timer = setTimeout(() => {
      button.textContent = translated("Copy");
      button.classList.remove("is-done");
    }, SAID_MS);
  };

  reading.addCopyButtons = (root) => {
    for (const code of root.querySelectorAll("pre > code")) {
      const block = code.parentElement;
      const frame = document.createElement("div");
      frame.className = "command";
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-small command-copy";
      button.dataset.copy = "";
      button.textContent = translated("Copy");
      button.addEventListener("click", () => copyFrom(button, code));
      block.replaceWith(frame);
      frame.append(block, button);
    }
  };
}
