/* The file: its own copy, and addresses that stand behind a #. The texts are taken out of what is
 * shown without JavaScript. */
"use strict";

{
  const copy = JSON.parse(document.getElementById("copy").textContent);
  const texts = document.getElementById("texts").textContent.split("<!\u002d-text-->");
  copy.runbooks.forEach((runbook, number) => {
    runbook.html = texts[2 * number + 1];
  });

  const pages = new offline.Pages(copy, {
    linkTo: (address) => `#${address}`,
    places: { home: "/", lookup: "/lookup/", runbooks: "/runbooks/" },
    canPrint: true,
  });
  pages.go = (address) => {
    location.hash = address;
  };
  const address = () => new URL(location.hash.slice(1) || "/", "https://copy.invalid");
  addEventListener("hashchange", () => {
    /* A place within a text is no page. */
    if (!location.hash || location.hash.startsWith("#/")) pages.moveTo(address());
  });
  document.getElementById("main").hidden = false;
  pages.show(address());

  const made = offline.ageOf(new Date(copy.made_at));
  document.getElementById("copy-age-text").textContent = translated(
    "A copy of {site}, made {made}. Runbooks may have changed since.",
    { site: copy.site, made },
  );
}
