/* The page on which a copy is kept, brought up to date and removed. What the device has is known
 * here alone. */
"use strict";

{
  const place = (name) => document.getElementById(`offline-${name}`);
  const { copyOwner } = document.body.dataset;
  const { store } = offline;
  const services = () => [...document.querySelectorAll("[name='service']:checked")].map(({ value }) => value);

  const sizeOf = (bytes) =>
    bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;

  const told = ({ count, bytes, checkedAt }) => {
    const values = { size: sizeOf(bytes), age: offline.ageOf(new Date(checkedAt)) };
    return translatedCount(
      count,
      "{count} runbook, {size}, up to date {age}.",
      "{count} runbooks, {size}, up to date {age}.",
      values,
    );
  };

  const show = async () => {
    const about = await store.about();
    const has = Boolean(about?.checkedAt);
    place("state").textContent = has ? told(about) : translated("Nothing is kept on this device.");
    place("keep").hidden = has;
    place("update").hidden = !has;
    place("remove").hidden = !about;
    if (!has) return;
    for (const box of document.querySelectorAll("[name='service']")) {
      box.checked = about.services.includes(box.value);
    }
  };

  const say = (text) => {
    place("said").textContent = text;
  };

  const busy = async (button, act) => {
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    try {
      say(await act());
    } catch {
      say(
        translated(
          "That did not work: the server was not reached, or the device has no room left. Try again in a moment.",
        ),
      );
    } finally {
      button.disabled = false;
      button.removeAttribute("aria-busy");
      await show();
    }
  };

  /* A worker that was removed and is registered again, while a page of it is open, is the same one:
   * it is not installed anew, and the shell that was removed with it is gone. */
  const filled = async (worker) => {
    const shell = await caches.has(offline.SHELL_CACHE);
    if (shell && (await (await caches.open(offline.SHELL_CACHE)).keys()).length) return;
    await new Promise((resolve, reject) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => (data ? resolve() : reject(new Error("not filled")));
      worker.postMessage({ fill: true }, [port2]);
    });
  };

  const keep = async () => {
    const { worker, scope } = place("device").dataset;
    await navigator.serviceWorker.register(worker, { scope, updateViaCache: "none" });
    await filled((await navigator.serviceWorker.ready).active);
    /* So that the browser does not throw it away first when room gets short. */
    await navigator.storage?.persist?.();
    if (await store.keep(copyOwner, services())) {
      return translated(
        "Kept. The same addresses now open from this device when the server does not answer.",
      );
    }
    /* Somebody else has signed in meanwhile. */
    if ((await store.about())?.isGoing) await offline.removeCopy();
    return (await store.has())
      ? translated(
          "The server did not give the runbooks. What was kept before is still here, as old as it was.",
        )
      : translated("The server did not give the runbooks. Open this page again.");
  };

  if (store) {
    place("keep").addEventListener("click", ({ currentTarget }) => busy(currentTarget, keep));
    place("keep").disabled = false;
    place("update").addEventListener("click", ({ currentTarget }) => busy(currentTarget, keep));
    place("remove").addEventListener("click", ({ currentTarget }) =>
      busy(currentTarget, async () => {
        await offline.removeCopy();
        return translated("Removed from this device.");
      }),
    );
    /* "Nothing" is true when all has gone. */
    offline.lookedAfter.then(show, show);
  } else {
    place("device").hidden = true;
    place("impossible").hidden = false;
    place(isSecureContext ? "private" : "insecure").hidden = false;
  }
}
