/* The page of the device: which one it is, its address says. Links within the copy do not ask the
 * server again; "Try the server again" does, and waits for it. */
"use strict";

{
  const { why, home, lookup, runbooks, copy: copyAddress } = document.body.dataset;
  const WHY = {
    slow: translated("The server has not answered within two seconds."),
    unreachable: translated("The server cannot be reached."),
    broken: translated("The server answers that it is broken."),
  };

  const open = async () => {
    if (!offline.Store.isPossible()) return;
    const store = new offline.Store(copyAddress);
    const [about, copy] = [await store.about(), await store.copy()];
    if (!about?.checkedAt || !copy) return;

    const pages = new offline.Pages(copy, {
      linkTo: (address) => address,
      places: { home, lookup, runbooks },
      canPrint: false,
      canRead: true,
    });
    pages.owner = about.owner;
    const move = () => pages.moveTo(new URL(location.href));
    pages.go = (address) => {
      history.pushState(null, "", address);
      move();
    };
    addEventListener("popstate", move);
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      if (link.origin !== location.origin || !pages.has(link.pathname) || link.hash) return;
      event.preventDefault();
      pages.go(link.href);
    });

    const saved = offline.ageOf(new Date(about.checkedAt));
    document.getElementById("copy-age-text").textContent = [
      translated("Saved on this device {saved}.", { saved }),
      WHY[why] ?? "",
      translated("Runbooks may have changed since."),
    ].join(" ");
    document.getElementById("copy-age").hidden = false;
    document.getElementById("ask-server").addEventListener("click", (event) => {
      event.preventDefault();
      navigator.serviceWorker.controller?.postMessage({ wait: location.href.split("#")[0] });
      location.reload();
    });
    pages.show(new URL(location.href));
  };

  open();
}
