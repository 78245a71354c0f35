/* Which steps are done, kept on this device for a day: by whose device it is, the runbook, and a
 * number that is another one when its text has changed. Nothing of the text is kept. Signing out
 * removes it with all else that the site keeps; so does somebody else who opens a runbook here. */
"use strict";

globalThis.reading ??= {};
{
  const PREFIX = "steps:";
  const DAY_MS = 24 * 60 * 60 * 1000;

  /* FNV-1a: short, and the same on the device and on the server's page. */
  const numberOf = (text) => {
    let hash = 0x811c9dc5;
    for (const char of text) hash = Math.imul(hash ^ char.codePointAt(0), 0x01000193) >>> 0;
    return `${hash.toString(16)}-${text.length}`;
  };

  const removeOthers = (ours) => {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PREFIX) && !key.startsWith(ours)) localStorage.removeItem(key);
    }
  };

  reading.Marks = class {
    /* `text` is all that the runbook says. */
    constructor(owner, slug, text) {
      this.key = `${PREFIX}${owner}:${slug}`;
      this.text = numberOf(text.replace(/\s+/g, " ").trim());
      this.done = new Set();
      this.isChanged = false;
      try {
        removeOthers(`${PREFIX}${owner}:`);
        const kept = JSON.parse(localStorage.getItem(this.key));
        const isRecent = kept && Date.now() - kept.at < DAY_MS;
        if (isRecent && kept.text === this.text) this.done = new Set(kept.done);
        else if (kept) localStorage.removeItem(this.key);
        this.isChanged = Boolean(isRecent && kept.text !== this.text && kept.done.length);
      } catch {
        /* Nothing can be kept: marks hold for this page only. */
      }
    }

    mark(step, isDone) {
      if (isDone) this.done.add(step);
      else this.done.delete(step);
      this.keep();
    }

    clear() {
      this.done.clear();
      this.keep();
    }

    keep() {
      try {
        if (!this.done.size) localStorage.removeItem(this.key);
        else localStorage.setItem(this.key, JSON.stringify({ text: this.text, done: [...this.done], at: Date.now() }));
      } catch {
        /* Full or refused. */
      }
    }
  };
}
