/* What this device keeps: one cache with two entries, the copy and what is known of it. Used by pages
 * and by the service worker.
 *
 * `owner` is the mark of the person that it was kept for, `services` what was chosen (none: all),
 * `checkedAt` when the server last said that it is the newest. Where somebody was signed out by the
 * server, only their wish stays, without `checkedAt` and without a single runbook: the copy comes
 * back when the same person signs in again. `isGoing` alone says that all of it is being removed. */
"use strict";

globalThis.offline ??= {};
{
  const NAME = "offline-runbooks";
  const SHELL = "offline-shell";
  const SIGN_IN_FIRST = 401;

  offline.Store = class {
    /* `address` is where the server gives the copy. */
    constructor(address) {
      this.address = address;
      this.aboutAddress = `${address}?about`;
    }

    /* Not without HTTPS, and not in every private window. */
    static isPossible() {
      return isSecureContext && "caches" in globalThis && "serviceWorker" in navigator;
    }

    about() {
      return this.kept(this.aboutAddress);
    }

    copy() {
      return this.kept(this.address);
    }

    /* Opening a cache that is just being removed would make it anew. */
    async kept(address) {
      const kept = await caches.match(address, { cacheName: NAME });
      return kept ? kept.json() : null;
    }

    async has() {
      return Boolean((await this.about())?.checkedAt);
    }

    async write(about) {
      const cache = await caches.open(NAME);
      await cache.put(this.aboutAddress, new Response(JSON.stringify(about)));
    }

    /* Begins to keep a copy, or changes what is chosen for it. Says whether it is the newest now. */
    async keep(owner, services) {
      const known = await this.about();
      await this.write({ ...(known?.owner === owner ? known : {}), owner, services, etag: "" });
      return this.update();
    }

    /* Asks the server for a newer copy. Says whether there is one that is the newest; throws what
     * fetch() throws where no server is reached. Only the server's own word removes what is kept: a
     * 403, a way to some other sign-in, or a page without an owner is a gateway's, and comes when
     * the copy is needed most. */
    async update() {
      const about = await this.about();
      if (!about || about.isGoing) return false;
      const query = new URLSearchParams(about.services.map((slug) => ["service", slug]));
      const answer = await fetch(`${this.address}?${query}`, {
        headers: about.etag ? { "If-None-Match": about.etag } : {},
        cache: "no-store",
        redirect: "manual",
      });
      if (answer.status === 304) return this.take({ ...about, checkedAt: Date.now() });
      if (answer.status === SIGN_IN_FIRST) {
        await this.forgetRunbooks();
        return false;
      }
      const owner = answer.headers.get("Copy-For");
      if (!answer.ok || !owner) return false;
      if (owner !== about.owner) {
        await this.beginToForget();
        return false;
      }
      const text = await answer.text();
      const told = {
        ...about,
        etag: answer.headers.get("ETag"),
        checkedAt: Date.now(),
        bytes: new Blob([text]).size,
        count: JSON.parse(text).runbooks.length,
      };
      return this.take(told, text);
    }

    /* Somebody may have signed out while the answer was under way: then nothing is kept. */
    async take(about, text) {
      if ((await this.about())?.owner !== about.owner) return false;
      const cache = await caches.open(NAME);
      if (text) {
        const headers = { "Content-Type": "application/json" };
        await cache.put(this.address, new Response(text, { headers }));
      }
      const now = await this.about();
      if (now?.owner !== about.owner) {
        await (now ? this.beginToForget() : this.forget());
        return false;
      }
      await this.write(about);
      return true;
    }

    /* The runbooks go, the wish to have them stays. */
    async forgetRunbooks() {
      const about = await this.about();
      if (!about || about.isGoing) return;
      await this.write({ owner: about.owner, services: about.services });
      await (await caches.open(NAME)).delete(this.address);
    }

    /* The runbooks and the wish go. That it is going stays until all has gone with it: a page may be
     * left while it removes, and the next one then goes on. */
    async beginToForget() {
      await this.write({ isGoing: true });
      await (await caches.open(NAME)).delete(this.address);
    }

    async forget() {
      await caches.delete(SHELL);
      await caches.delete(NAME);
    }
  };

  offline.SHELL_CACHE = SHELL;
}
