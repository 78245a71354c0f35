/* The pages of a copy: the box with its answers, the list, a runbook. They are made from the
 * <template>s of the document; HTML comes into them from the copy alone, which the server has made
 * safe when it was written. */
"use strict";

globalThis.offline ??= {};
{
  const READING = /\/read\/$/;
  const LIMIT = 6;
  const MANY = 200;

  const badges = (services) =>
    services.map(({ name }) => {
      const badge = document.createElement("span");
      badge.className = "badge";
      badge.textContent = name;
      return badge;
    });

  /* Where to look, for each service that says so. */
  const linksOf = ({ services }) =>
    /* A copy from before there were any has none. */
    services.flatMap(({ links = [] }) =>
      links.map(({ label, address }) => {
        const link = document.createElement("a");
        link.className = "chip";
        link.href = address;
        link.target = "_blank";
        link.rel = "noopener noreferrer";
        link.textContent = label;
        return link;
      }),
    );

  /* Words for what the copy says in codes are the template's: a place for each, of which one stays. */
  const turnOf = (turn) =>
    made("turn", {
      ...turn,
      [`part-${turn.part}`]: true,
      [`before-${turn.before_known}`]: true,
      [`after-${turn.after_known}`]: true,
    });

  /* What was turned in incidents in which it was used; a copy from before there was any has none. */
  const turnedOf = ({ turned = [] }) =>
    turned.map((past) =>
      made("turned", { ...past, turns: past.turns.map(turnOf), [`served-${past.served}`]: true }),
    );

  const more = (steps) =>
    steps ? translatedCount(steps, "and {count} more step", "and {count} more steps") : "";

  /* A copy of the template with its places filled in: [data-text], [data-html] and [data-list] go
   * where there is nothing for them, [data-if] where it does not hold. */
  const made = (name, values, link = "") => {
    const root = document.getElementById(`template-${name}`).content.cloneNode(true);
    const fill = (kind, act) => {
      for (const place of root.querySelectorAll(`[data-${kind}]`)) {
        const value = values[place.dataset[kind]];
        const isNothing = !value || value.length === 0;
        if (isNothing) place.remove();
        else act(place, value);
      }
    };
    fill("if", () => {});
    fill("text", (place, value) => (place.textContent = value));
    fill("html", (place, value) => (place.innerHTML = value));
    fill("list", (place, value) => place.replaceChildren(...value));
    for (const place of root.querySelectorAll("[data-link]")) place.href = link;
    return root;
  };

  /* `linkTo` makes a link of an address of the site, `places` has the addresses of its pages; `go` is
   * given by who makes it, and opens one. */
  offline.Pages = class {
    constructor(copy, { linkTo, places, canPrint, canRead = false }) {
      this.copy = copy;
      this.lookup = new offline.Lookup(copy);
      this.linkTo = linkTo;
      this.places = places;
      this.canPrint = canPrint;
      this.canRead = canRead;
      this.bySlug = new Map(copy.runbooks.map((runbook) => [runbook.slug, runbook]));
      this.page = document.getElementById("page");
    }

    /* Whether the copy has the page of this path. */
    has(path) {
      const { home, lookup, runbooks } = this.places;
      return [home, lookup, runbooks].includes(path) || this.bySlug.has(this.slugIn(path));
    }

    slugIn(path) {
      const { runbooks } = this.places;
      return path.startsWith(runbooks) ? path.slice(runbooks.length).replace(/\/(?:read\/)?$/, "") : "";
    }

    /* `address` is a URL whose path and parameters are the site's own. */
    show(address) {
      const { home, lookup, runbooks } = this.places;
      const slug = this.slugIn(address.pathname);
      if (slug && this.canRead && READING.test(address.pathname)) this.showReading(slug);
      else if (slug) this.showRunbook(slug);
      else if (address.pathname === lookup) this.showLookup(address.searchParams);
      else if (address.pathname === runbooks && address.searchParams.has("all")) this.showAll();
      else this.showStart(address.pathname === home);
      this.mendLinks();
    }

    /* The same for who comes from another page of the copy: a screen reader goes on from here. */
    moveTo(address) {
      this.show(address);
      const heading = this.page.querySelector("h1");
      if (document.activeElement?.id === "lookup-text" || !heading) return;
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }

    title(text) {
      document.title = translated("{title} · Runbooks", { title: text });
      const heading = document.createElement("h1");
      heading.textContent = text;
      return heading;
    }

    showStart(isHome) {
      const heading = this.title(isHome ? translated("What is wrong?") : translated("Runbooks"));
      this.page.replaceChildren(heading, made("ask", {}), this.list());
      this.readyBox(new URLSearchParams(), isHome);
    }

    showLookup(parameters) {
      this.page.replaceChildren(this.title(translated("Look up")), made("ask", {}));
      this.readyBox(parameters, ![...parameters].length);
      if (!document.getElementById("answers").firstChild) this.page.append(this.list());
    }

    showRunbook(slug) {
      const runbook = this.bySlug.get(slug);
      if (runbook) {
        this.title(runbook.title);
        this.page.replaceChildren(this.runbook(runbook));
      } else {
        this.showMissing();
      }
      scrollTo(0, 0);
    }

    /* Reading mode: static/js/reading/. `owner` is given by who makes this. */
    showReading(slug) {
      const runbook = this.bySlug.get(slug);
      if (runbook) {
        this.title(runbook.title);
        this.page.replaceChildren(made("reading", { ...runbook, links: linksOf(runbook) }, this.address(runbook)));
        reading.open(this.page.querySelector(".reading"), { owner: this.owner, slug });
      } else {
        this.showMissing();
      }
      scrollTo(0, 0);
    }

    showMissing() {
      const nothing = made("nothing", {
        title: translated("Not in this copy"),
        text: translated(
          "It was not written yet when this was made, is out of use, or was not chosen for it.",
        ),
      });
      this.page.replaceChildren(this.title(translated("Runbooks")), nothing, this.list());
    }

    showAll() {
      const heading = this.title(translated("All runbooks"));
      this.page.replaceChildren(heading, ...this.copy.runbooks.map((runbook) => this.runbook(runbook)));
      /* One page has one first heading. */
      for (const one of this.page.querySelectorAll("article h1")) {
        const lower = document.createElement("h2");
        lower.append(...one.childNodes);
        one.replaceWith(lower);
      }
    }

    runbook(runbook) {
      const lines = runbook.alerts.map(({ text, matchers }) => {
        const line = document.createElement("code");
        line.textContent = matchers ? text : translated("{text} (not matched without the server)", { text });
        return line;
      });
      const root = made("runbook", {
        ...runbook,
        isEmpty: !runbook.html,
        owner: [runbook.owner, runbook.team].filter(Boolean).join(", "),
        verified: this.verified(runbook),
        hasServices: runbook.services.length,
        services: badges(runbook.services),
        hasAlerts: lines.length,
        alerts: lines,
        turned: turnedOf(runbook),
        links: linksOf(runbook),
        hasLinks: linksOf(runbook).length,
        canRead: this.canRead && runbook.html,
      });
      this.leadToReading(root, runbook);
      root.querySelector("[data-home]").href = this.linkTo(this.places.runbooks);
      return root;
    }

    verified({ verified, due }, never = translated("never")) {
      const isDue = due && new Date(due) <= Date.now();
      const day = verified ?? never;
      return isDue ? translated("{day}, due since {due}", { day, due }) : day;
    }

    list() {
      const rows = [...this.copy.runbooks].sort((one, other) => one.title.localeCompare(other.title));
      if (!rows.length) {
        return made("nothing", {
          title: translated("No runbooks in this copy"),
          text: translated("There was none when it was made."),
        });
      }
      const row = (one) => made("row", { ...one, services: badges(one.services) }, this.address(one));
      const root = made("list", {
        count: String(rows.length),
        canPrint: this.canPrint && rows.length <= MANY,
        rows: rows.map(row),
      });
      const print = root.querySelector("[data-print]");
      if (print) print.href = this.linkTo(`${this.places.runbooks}?all`);
      return root;
    }

    address(runbook) {
      return this.linkTo(`${this.places.runbooks}${runbook.slug}/`);
    }

    /* The box answers while somebody types; `parameters` are those of the address. */
    readyBox(parameters, hasFocus) {
      const box = document.getElementById("lookup-text");
      const labels = [...parameters].filter(([name]) => name !== "q");
      const said = offline.asText(parameters.get("q") ?? "", labels);
      box.value = said;
      if (said.trim()) this.answer(said);
      if (hasFocus) box.focus();
      let timer = 0;
      box.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(() => this.answer(box.value), 150);
      });
      box.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        box.form.requestSubmit();
      });
      box.form.addEventListener("submit", (event) => {
        event.preventDefault();
        const query = new URLSearchParams({ q: box.value });
        if (box.value.trim()) this.go(`${this.places.lookup}?${query}`);
      });
    }

    answer(text) {
      const place = document.getElementById("answers");
      if (!text.trim()) {
        place.replaceChildren();
        return;
      }
      const found = this.lookup.answers(offline.readQuestion(text), LIMIT);
      const nothing = made("nothing", {
        title: translated("No runbook for this"),
        text: translated("No runbook of this copy names this alert or has any of these words."),
      });
      place.replaceChildren(...(found.length ? found.map((one, at) => this.card(one, at === 0)) : [nothing]));
      document.getElementById("announcer").textContent = translatedCount(
        found.length,
        "{count} runbook found",
        "{count} runbooks found",
      );
      this.mendLinks();
    }

    leadToReading(root, runbook) {
      const link = root.querySelector("[data-read]");
      if (link) link.href = `${this.address(runbook)}read/`;
    }

    card(answer, isBest) {
      const { runbook, line, isExact, isByPattern } = answer;
      const labels = line ? translated("labels") : "";
      const byAlert = isByPattern ? translated("alert pattern") : labels;
      const root = made(
        "answer",
        {
          title: runbook.title,
          summary: runbook.summary,
          badge: isExact ? translated("exact alert match") : byAlert,
          line: line?.text,
          services: badges(answer.services),
          byWords: answer.byWords,
          verified: runbook.verified
            ? translated("verified {day}", { day: this.verified(runbook) })
            : this.verified(runbook, translated("never verified")),
          steps: runbook.steps,
          turned: turnedOf(runbook),
          more: more(runbook.more_steps),
          isBest,
          canRead: this.canRead && runbook.html,
        },
        this.address(runbook),
      );
      this.leadToReading(root, runbook);
      root.querySelector("article").classList.toggle("answer-best", isBest);
      if (isExact) root.querySelector(".answer-why .badge").classList.add("badge-success");
      const steps = root.querySelector("[data-steps]");
      if (steps) steps.open = isBest;
      return root;
    }

    /* Links within the texts lead to the site, or into the copy. */
    mendLinks() {
      for (const link of this.page.querySelectorAll(".prose a[href^='/']")) {
        link.href = this.mended(link.getAttribute("href"));
      }
    }

    mended(address) {
      const [, slug] = /^\/runbooks\/([-\w]+)\/$/.exec(address) ?? [];
      return this.bySlug.has(slug) ? this.linkTo(address) : this.copy.site + address;
    }
  };
}
