/* Puts the chosen theme on <html> before anything is painted; so it is not deferred. */
"use strict";

try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  /* Storage is refused in some private windows: the system's theme then holds. */
}
