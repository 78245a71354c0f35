/* On every page: what the device keeps stays new, belongs to who is signed in, and goes with them.
 * A page that was kept for somebody else, or that is seen by nobody (the way in), removes it. */
"use strict";

{
  const FRESH_MS = 60 * 60 * 1000;
  const LONGEST_WAIT_MS = 2000;
  const { copy, copyOwner, worker } = document.body.dataset;

  /* Other programs may have workers of their own at this host. */
  const isOurs = ({ installing, waiting, active }) =>
    [installing, waiting, active].some((one) => one?.scriptURL === new URL(worker, location).href);

  /* What it is about goes first, that it is going last. */
  const removeAll = async (store) => {
    if (await store.about()) await store.beginToForget();
    const registrations = await navigator.serviceWorker.getRegistrations();
    await Promise.all(registrations.filter(isOurs).map((one) => one.unregister()));
    await store.forget();
  };

  /* The worker goes on when this page is left. */
  const askForNewer = async () => {
    const registration = await navigator.serviceWorker.ready;
    registration.active.postMessage({ update: true });
  };

  const lookAfter = async (store) => {
    const about = await store.about();
    if (!about) return;
    if (about.isGoing || (copyOwner && about.owner !== copyOwner)) {
      await removeAll(store);
    } else if (!copyOwner) {
      await store.forgetRunbooks();
    } else if (!about.checkedAt || Date.now() - about.checkedAt > FRESH_MS) {
      /* Not waited for: a worker may never be ready. */
      askForNewer();
    }
  };

  /* The server's answer says the same (Clear-Site-Data), to browsers that listen. */
  const forgetTexts = () => {
    try {
      localStorage.clear();
      sessionStorage.clear();
    } catch {
      /* Then there was nothing kept either. */
    }
  };

  const store = offline.Store.isPossible() ? new offline.Store(copy) : null;
  offline.store = store;
  offline.lookedAfter = store && lookAfter(store);
  offline.removeCopy = () => removeAll(store);
  const forgetAll = async () => {
    forgetTexts();
    if (store) await removeAll(store);
  };

  for (const form of document.querySelectorAll("form[data-signs-out]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const waited = new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT_MS));
      /* submit() asks no listeners again. */
      Promise.race([forgetAll(), waited]).finally(() => form.submit());
    });
  }
}
