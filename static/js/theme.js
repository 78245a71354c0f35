/* The theme buttons: [data-theme-choice="auto|light|dark"]. The choice stays on this device. */
"use strict";

{
  const buttons = () => document.querySelectorAll("[data-theme-choice]");

  const show = (theme) => {
    document.documentElement.dataset.theme = theme;
    for (const button of buttons()) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
    }
  };

  const choose = (theme) => {
    show(theme);
    try {
      if (theme === "auto") localStorage.removeItem("theme");
      else localStorage.setItem("theme", theme);
    } catch {
      /* Holds for this page only. */
    }
  };

  show(document.documentElement.dataset.theme || "auto");
  for (const button of buttons()) {
    button.addEventListener("click", () => choose(button.dataset.themeChoice));
  }
  for (const choice of document.querySelectorAll(".theme-choice")) choice.hidden = false;
}
