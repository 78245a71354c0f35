/* What stands in commands as <namespace> is filled in once, and put into all of them. Values stay in
 * this tab, until it is closed or somebody signs out; the server never hears of them. They go into the
 * page as text, never as HTML. */
"use strict";

globalThis.reading ??= {};
{
  /* In code, "<" also redirects: "cat <in >out" and "<<EOF" are no placeholders. */
  const PLACEHOLDER = /(?<![<\w])<([A-Za-z](?:[\w .:/-]{0,48}[\w])?)>/g;
  const MARKUP = /\blanguage-(?:html|xml|svg|jsx|tsx|vue)\b/;

  const alike = (name) => name.toLowerCase().replace(/[^a-z0-9]/g, "").replace(/^your/, "");

  /* The place of a character: its text node, and where in it. */
  const placeOf = (texts, offset, isEnd) => {
    let left = offset;
    for (const text of texts) {
      if (left < text.length || (isEnd && left === text.length)) return [text, left];
      left -= text.length;
    }
    return [texts.at(-1), texts.at(-1).length];
  };

  const textsIn = (element) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) found.push(walker.currentNode);
    return found;
  };

  /* Colours of the code may end within a placeholder; so it goes by characters, the last first. */
  const markIn = (code) => {
    if (MARKUP.test(code.closest("[class*='language-']")?.className ?? "")) return;
    for (const found of [...code.textContent.matchAll(PLACEHOLDER)].reverse()) {
      const texts = textsIn(code);
      const range = document.createRange();
      range.setStart(...placeOf(texts, found.index, false));
      range.setEnd(...placeOf(texts, found.index + found[0].length, true));
      range.deleteContents();
      const mark = document.createElement("span");
      mark.className = "placeholder";
      mark.dataset.name = found[1];
      mark.textContent = found[0];
      range.insertNode(mark);
    }
  };

  const readKept = (key) => {
    try {
      return { __proto__: null, ...JSON.parse(sessionStorage.getItem(key)) };
    } catch {
      return { __proto__: null };
    }
  };

  const keep = (key, values) => {
    try {
      sessionStorage.setItem(key, JSON.stringify(values));
    } catch {
      /* Then they hold for this page only. */
    }
  };

  const fieldFor = (form, name, number) => {
    const field = form.querySelector("template").content.cloneNode(true);
    const [label, input] = [field.querySelector("label"), field.querySelector("input")];
    input.id = `placeholder-${number}`;
    label.htmlFor = input.id;
    label.textContent = name;
    form.querySelector("[data-fields]").append(field);
    return input;
  };

  /* `labels` are those of the alert that somebody looked up: what has the name of one begins with its
   * value. `key` is where values are kept. */
  reading.fillPlaceholders = (root, form, { key, labels }) => {
    for (const code of root.querySelectorAll("code")) markIn(code);
    const marks = [...root.querySelectorAll(".placeholder")];
    const names = [...new Set(marks.map(({ dataset }) => dataset.name))];
    if (!names.length) return;

    const byLabel = new Map(Object.entries(labels).map(([name, value]) => [alike(name), value]));
    const labelled = (name) => byLabel.get(alike(name)) ?? byLabel.get(alike(name).replace(/name$/, "")) ?? "";
    const values = readKept(key);
    const show = (name) => {
      for (const mark of marks.filter(({ dataset }) => dataset.name === name)) {
        mark.textContent = values[name] || `<${name}>`;
        mark.classList.toggle("is-filled", Boolean(values[name]));
      }
    };

    const inputs = names.map((name, number) => {
      values[name] ??= labelled(name);
      const input = fieldFor(form, name, number);
      input.value = values[name];
      input.addEventListener("input", () => {
        values[name] = input.value.trim();
        show(name);
        keep(key, values);
      });
      show(name);
      return input;
    });
    if (names.some((name) => labelled(name))) form.querySelector("[data-from-alert]").hidden = false;
    form.querySelector("[data-empty]").addEventListener("click", () => {
      for (const [at, name] of names.entries()) {
        values[name] = inputs[at].value = "";
        show(name);
      }
      keep(key, values);
      inputs[0].focus();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      inputs.find(({ value }) => !value.trim())?.focus();
    });
    form.querySelector("[data-fold]").open = names.some((name) => !values[name]);
    form.hidden = false;
  };
}
