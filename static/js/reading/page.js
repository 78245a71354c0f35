/* Reading mode: one thing at a time, what is done, and where one stands. Without this script the text
 * stands there whole, in large type. */
"use strict";

globalThis.reading ??= {};
{
  const ALL = "reading-all";

  const kept = (name) => {
    try {
      return localStorage.getItem(name) !== null;
    } catch {
      return false;
    }
  };
  const keep = (name, isOn) => {
    try {
      if (isOn) localStorage.setItem(name, "1");
      else localStorage.removeItem(name);
    } catch {
      /* Holds for this page only. */
    }
  };

  /* A phone that is read does not go dark, where its browser can be asked. */
  const stayAwake = () => {
    const ask = () => {
      if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => {});
    };
    ask();
    document.addEventListener("visibilitychange", ask);
  };

  const Reader = class {
    constructor(root, { owner, slug, labels }) {
      this.root = root;
      const prose = root.querySelector(".prose");
      this.marks = new reading.Marks(owner, slug, prose?.textContent ?? "");
      this.at = 0;
      this.isAll = kept(ALL);
      this.cards = prose ? this.laidOut(prose) : [];
      this.steps = this.cards.filter(({ isStep }) => isStep);
      reading.addCopyButtons(root);
      reading.fillPlaceholders(root, this.part("fill"), { key: `fill:${owner}:${slug}`, labels });
      this.ready();
    }

    part(name) {
      return this.root.querySelector(`[data-reading="${name}"]`);
    }

    /* The cards take the place of the text. */
    laidOut(prose) {
      const list = document.createElement("div");
      list.className = "reading-cards";
      let number = 0;
      const cards = reading.cardsOf(prose).map((card) => {
        const made = this.part("card").content.firstElementChild.cloneNode(true);
        const text = made.querySelector(".reading-step > .prose");
        if (card.before?.length) {
          const before = made.querySelector("[data-before]");
          before.hidden = false;
          before.append(...card.before);
        }
        text.append(...card.nodes);
        const label = made.querySelector("[data-label]");
        label.textContent = card.label;
        label.hidden = !card.label;
        list.append(made);
        return { element: made, isStep: card.isStep, number: card.isStep ? number++ : -1 };
      });
      prose.replaceWith(list);
      return cards;
    }

    ready() {
      const { steps } = this;
      for (const card of this.cards) this.readyCard(card);
      const next = this.cards.findIndex((card) => card.isStep && !this.marks.done.has(card.number));
      if (this.marks.done.size) this.at = next < 0 ? this.cards.length - 1 : next;
      const hasMany = this.cards.length > 1;
      this.part("bar").hidden = !steps.length;
      this.part("turn").hidden = !hasMany;
      this.part("changed").hidden = !this.marks.isChanged;
      this.part("previous").addEventListener("click", () => this.go(this.at - 1));
      this.part("next").addEventListener("click", () => this.go(this.at + 1));
      this.part("clear").addEventListener("click", () => this.clear());
      this.part("all").addEventListener("click", () => {
        this.isAll = !this.isAll;
        keep(ALL, this.isAll);
        this.show();
        this.cards[this.at].element.scrollIntoView({ block: "nearest" });
      });
      this.root.classList.add("is-ready");
      this.show();
    }

    readyCard(card) {
      const { element, number } = card;
      const choice = element.querySelector("[data-done]");
      if (!card.isStep) {
        choice.remove();
        return;
      }
      const place = { number: number + 1, of: this.steps.length };
      element.setAttribute("aria-label", translated("Step {number} of {of}", place));
      const box = choice.querySelector("input");
      box.checked = this.marks.done.has(number);
      box.addEventListener("change", () => {
        this.marks.mark(number, box.checked);
        this.part("changed").hidden = true;
        if (!box.checked) this.at = this.cards.indexOf(card);
        this.show();
        if (box.checked) this.goOn(card);
      });
      element.addEventListener("focusin", () => {
        if (!this.isAll || this.at === this.cards.indexOf(card)) return;
        this.at = this.cards.indexOf(card);
        this.show();
      });
    }

    /* To what is to be done next, after this card. */
    goOn(card) {
      const after = this.cards.indexOf(card) + 1;
      const next = this.cards.findIndex((one, at) => at >= after && !this.marks.done.has(one.number));
      if (next >= 0) this.go(next);
      else this.say();
    }

    go(at) {
      if (at < 0 || at >= this.cards.length) return;
      this.at = at;
      this.show();
      const { element } = this.cards[at];
      element.focus({ preventScroll: true });
      element.scrollIntoView({ block: this.isAll ? "nearest" : "start" });
    }

    clear() {
      this.marks.clear();
      for (const { element, isStep } of this.cards) {
        if (isStep) element.querySelector("[data-done] input").checked = false;
      }
      this.go(0);
    }

    say() {
      const { done } = this.marks;
      const [count, of] = [done.size, this.steps.length];
      const text =
        count === of
          ? translated("All {of} done", { of })
          : translated("{count} of {of} done", { count, of });
      this.part("said").textContent = text;
      const meter = this.part("meter");
      meter.max = of;
      meter.value = count;
      this.part("clear").hidden = !count;
    }

    show() {
      const { done } = this.marks;
      this.cards.forEach(({ element, number }, at) => {
        const isHere = at === this.at;
        element.hidden = !this.isAll && !isHere;
        element.classList.toggle("is-here", isHere && this.cards.length > 1);
        element.classList.toggle("is-done", done.has(number));
        element.querySelector("[data-done]")?.toggleAttribute("data-key", false);
        element.querySelector("[data-copy]")?.toggleAttribute("data-key", false);
      });
      this.root.classList.toggle("is-all", this.isAll);
      const all = this.part("all");
      all.textContent = this.isAll ? translated("One at a time") : translated("Show all");
      this.part("previous").disabled = this.at <= 0;
      this.part("next").disabled = this.at >= this.cards.length - 1;
      this.part("place").textContent = `${this.at + 1} / ${this.cards.length}`;
      const here = this.cards[this.at]?.element;
      /* The keys belong to what is in front: static/js/keys.js. */
      here?.querySelector("[data-done]")?.setAttribute("data-key", "x");
      here?.querySelector("[data-copy]")?.setAttribute("data-key", "c");
      if (this.steps.length) this.say();
    }
  };

  /* `owner` is the mark of the person whose device it is. */
  reading.open = (root, { owner, slug, labels = {} }) => {
    stayAwake();
    return new Reader(root, { owner, slug, labels });
  };

  const here = document.querySelector("main [data-slug][data-labels]");
  if (here) {
    reading.open(here, {
      owner: document.body.dataset.copyOwner,
      slug: here.dataset.slug,
      labels: JSON.parse(here.dataset.labels),
    });
  }
}
