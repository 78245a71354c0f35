/* The service worker of a device that keeps a copy. Where the server does not answer within two
 * seconds, cannot be reached, or answers that it is broken, these pages open from the device: the
 * front page, the lookup, the list of runbooks, a runbook. The server is always asked first, nothing
 * else is answered here, and no page of the site is kept. */
"use strict";

{
  const PATIENCE_MS = 2000;
  const { settings } = self;
  const store = new offline.Store(settings.copy);
  const pages = new Set([settings.home, settings.lookup, settings.runbooks]);
  const NO_RUNBOOKS = new Set(["new", "coverage", "offline"]);
  /* Pieces have their content in their names; the shell has not, and goes by its version. */
  const shellAddress = `${settings.shell}?version=${settings.version}`;
  const pieces = new Set(settings.pieces);
  const wanted = [...settings.pieces, shellAddress];
  /* Addresses that somebody wants the server's answer of, however long it takes. */
  const awaited = new Set();

  const fill = async () => {
    const cache = await caches.open(offline.SHELL_CACHE);
    await cache.addAll(wanted.map((address) => new Request(address, { cache: "reload" })));
  };

  self.addEventListener("install", (event) => {
    event.waitUntil(fill().then(() => self.skipWaiting()));
  });

  self.addEventListener("activate", (event) => {
    const tidy = async () => {
      const cache = await caches.open(offline.SHELL_CACHE);
      const addresses = new Set(wanted.map((address) => new URL(address, location).href));
      const old = (await cache.keys()).filter(({ url }) => !addresses.has(url));
      await Promise.all(old.map((request) => cache.delete(request)));
      await self.clients.claim();
    };
    event.waitUntil(tidy());
  });

  self.addEventListener("message", (event) => {
    if (event.data.update) event.waitUntil(store.update().catch(() => false));
    if (event.data.wait) awaited.add(event.data.wait);
    if (event.data.fill) {
      const [port] = event.ports;
      const done = fill().then(
        () => port.postMessage(true),
        () => port.postMessage(false),
      );
      event.waitUntil(done);
    }
  });

  const isOurs = (path) => {
    if (pages.has(path)) return true;
    if (!path.startsWith(settings.runbooks)) return false;
    const [, slug] = /^([-\w]+)\/(?:read\/)?$/.exec(path.slice(settings.runbooks.length)) ?? [];
    return slug !== undefined && !NO_RUNBOOKS.has(slug);
  };

  const fromDevice = async (why) => {
    const kept = await caches.match(shellAddress, { cacheName: offline.SHELL_CACHE });
    if (!kept || !(await store.has())) return null;
    const page = (await kept.text()).replace('data-why=""', `data-why="${why}"`);
    return new Response(page, { headers: kept.headers });
  };

  /* The server's answer, or the device's where that is late, broken or missing. */
  const networkFirst = async (request, whenOffline = fromDevice) => {
    const isAwaited = awaited.delete(request.url);
    const asked = fetch(request);
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, "late"));
    try {
      const answer = await (isAwaited ? asked : Promise.race([asked, late]));
      if (answer === "late") return (await whenOffline("slow")) ?? (await asked);
      return answer.status >= 500 ? ((await whenOffline("broken")) ?? answer) : answer;
    } catch (error) {
      const answer = await whenOffline("unreachable");
      if (answer) return answer;
      throw error;
    } finally {
      /* What comes when nobody waits for it any more may fail as it likes. */
      asked.catch(() => {});
    }
  };

  /* The lookup takes what is too long for an address as a form; on the device its beginning does. */
  const LONGEST_ADDRESS = 4000;
  const lookedUp = (request) => {
    const sent = request.clone().formData();
    return networkFirst(request, async () => {
      if (!(await store.has())) return null;
      const query = new URLSearchParams({ q: String((await sent).get("q") ?? "").slice(0, LONGEST_ADDRESS) });
      return Response.redirect(`${settings.lookup}?${query}`, 303);
    });
  };

  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    const isPage = request.mode === "navigate";
    if (origin !== location.origin) return;
    if (isPage && request.method === "GET" && isOurs(pathname)) {
      event.respondWith(networkFirst(request));
    } else if (isPage && request.method === "POST" && pathname === settings.lookup) {
      event.respondWith(lookedUp(request));
    } else if (request.method === "GET" && pieces.has(pathname)) {
      const kept = caches.match(request, { cacheName: offline.SHELL_CACHE });
      event.respondWith(kept.then((found) => found ?? fetch(request)));
    }
  });
}
