/* Copy buttons beside the commands of a runbook's own page. */
"use strict";

for (const prose of document.querySelectorAll("[data-commands] .prose")) reading.addCopyButtons(prose);
