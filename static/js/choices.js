/* Many boxes to tick (.choices-many): a text box above them narrows them down to those whose words
 * hold every word typed. What is ticked stays in sight. */
"use strict";

for (const box of document.querySelectorAll(".choices-many")) {
  const choices = [...box.children].map((row) => ({
    row,
    text: row.textContent.trim().toLocaleLowerCase(),
    ticked: row.querySelector("input"),
  }));
  const narrow = document.createElement("input");
  narrow.type = "search";
  narrow.className = "choices-narrow";
  narrow.placeholder = translated("Find among {count}", { count: choices.length });
  narrow.setAttribute("aria-label", narrow.placeholder);
  /* Of no form: it is not sent, and Enter in it sends nothing. */
  narrow.setAttribute("form", "");
  narrow.autocomplete = "off";
  narrow.addEventListener("input", () => {
    const words = narrow.value.toLocaleLowerCase().split(/\s+/);
    let left = 0;
    for (const { row, text, ticked } of choices) {
      row.hidden = !ticked.checked && !words.every((word) => text.includes(word));
      if (!row.hidden) left += 1;
    }
    box.scrollTop = 0;
    const announcer = document.getElementById("announcer");
    if (announcer) {
      announcer.textContent = translated("{count} of {of}", { count: left, of: choices.length });
    }
  });
  box.before(narrow);
}
