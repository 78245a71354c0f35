/* Rows of a list (table[data-rows]) by keys: j and k go down and up, x selects; Enter opens, since
 * the focus is on the row's link. Beside the boxes: how many are selected, and all at once. */
"use strict";

{
  const table = document.querySelector("table[data-rows]");
  const form = document.querySelector("form[data-rows-form]");
  const rows = table ? [...table.querySelectorAll("tbody tr")] : [];
  const boxes = form ? [...form.querySelectorAll("input[name=item]")] : [];

  const current = () => rows.findIndex((row) => row.contains(document.activeElement));

  const go = (step) => {
    const from = current();
    const to = from < 0 ? (step > 0 ? 0 : rows.length - 1) : from + step;
    const link = rows[to]?.querySelector("th a");
    link?.focus();
    link?.scrollIntoView({ block: "nearest" });
  };

  const actions = {
    j: () => go(1),
    k: () => go(-1),
    x: () => rows[current()]?.querySelector("input[name=item]")?.click(),
  };

  document.addEventListener("keys:pressed", (event) => {
    if (rows.length === 0 || !Object.hasOwn(actions, event.detail)) return;
    event.preventDefault();
    actions[event.detail]();
  });

  if (boxes.length > 0) {
    const counter = form.querySelector("[data-rows-count]");
    const all = form.querySelector("[data-rows-all]");
    const count = () => {
      const selected = boxes.filter((box) => box.checked).length;
      if (counter) {
        counter.hidden = selected === 0;
        counter.textContent = String(selected);
      }
      if (all) {
        all.textContent =
          selected === boxes.length ? translated("Select none") : translated("Select all on this page");
      }
    };
    form.addEventListener("change", count);
    /* The browser may bring boxes back that were ticked before. */
    window.addEventListener("pageshow", count);
    if (all) {
      all.hidden = false;
      all.addEventListener("click", () => {
        const wanted = boxes.some((box) => !box.checked);
        for (const box of boxes) box.checked = wanted;
        count();
      });
    }
    count();
  }
}
