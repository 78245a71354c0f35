/* After a swap: the focus goes to [autofocus] or [data-focus-first] (a box, which htmx must not focus
 * by itself: it does not look who types already), to the first wrong field or to the heading of the new
 * piece, and what happened is said to screen readers. A request that failed says so
 * where messages stand, and leaves the page, with all that was typed, as it is. */
"use strict";

{
  const announce = (text) => {
    const region = document.getElementById("announcer");
    if (region) region.textContent = text;
  };

  /* messages.js shows it, and has it heard. */
  const complain = (text) => {
    document.dispatchEvent(new CustomEvent("say", { detail: { text, tone: "error" } }));
  };

  const placeIn = (piece) => {
    const wanted =
      piece.querySelector("[autofocus], [data-focus-first]") ||
      piece.querySelector(".form-errors, [aria-invalid='true']") ||
      (piece.matches("h1, h2, h3, h4") ? piece : piece.querySelector("h1, h2, h3, h4, [data-focus]"));
    return wanted || piece;
  };

  document.addEventListener("htmx:afterSettle", (event) => {
    const piece = event.detail.elt;
    /* A panel that loads by itself, or after another piece, must not pull the focus away. */
    const trigger = event.detail.requestConfig?.triggeringEvent?.type;
    /* A count that follows the piece from elsewhere on the page is no place to be. */
    if (piece?.matches(".count")) return;
    if (!piece?.isConnected || trigger === "load" || trigger === "revealed" || !trigger) return;
    if (trigger.startsWith("htmx:")) return;
    /* Somebody is typing: the answer is said, the focus stays in the box. */
    if (trigger === "input") {
      announce(piece.dataset.announce || "");
      return;
    }
    const place = placeIn(piece);
    /* Whoever was quicker types already, into another box of the form that has just opened. */
    const typing = document.activeElement?.matches("input, select, textarea");
    if (place.matches("[data-focus-first]") && typing && piece.contains(document.activeElement)) return;
    if (!place.matches("a[href], button, input, select, textarea, [tabindex]")) {
      place.tabIndex = -1;
    }
    place.focus({ preventScroll: false });
    announce(piece.dataset.announce || place.textContent?.trim().slice(0, 120) || translated("Updated"));
  });

  /* Signed out meanwhile: the sign-in page must not land inside a piece. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const signIn = document.body.dataset.signIn;
    const answered = event.detail.xhr.responseURL;
    if (!signIn || !answered || new URL(answered).pathname !== signIn) return;
    event.detail.shouldSwap = false;
    complain(
      translated(
        "You have been signed out. What you typed is kept: sign in again, then open this page.",
      ),
    );
  });

  /* Who only looked has nothing to save. */
  const onlyLooked = ({ elt, requestConfig }) =>
    requestConfig?.verb === "get" || elt?.closest?.("[role='search'], #beside");

  document.addEventListener("htmx:responseError", (event) => {
    const { status } = event.detail.xhr;
    complain(
      onlyLooked(event.detail)
        ? translated(
            "That could not be looked up: the server answered {status}. What you typed is still here; try again in a moment.",
            { status },
          )
        : translated(
            "That was not saved: the server answered {status}. What you typed is still here; try again in a moment.",
            { status },
          ),
    );
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      complain(
        onlyLooked(event.detail)
          ? translated(
              "That could not be looked up: no answer from the server. What you typed is still here.",
            )
          : translated("That was not saved: no answer from the server. What you typed is still here."),
      );
    });
  }
}
