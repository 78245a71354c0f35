/* How old something is, in words: "3 hours ago, 20 November 2026 at 14:02". */
"use strict";

globalThis.offline ??= {};
{
  const UNITS = [
    ["day", 86_400_000],
    ["hour", 3_600_000],
    ["minute", 60_000],
  ];

  offline.ageOf = (moment, now = new Date()) => {
    const passed = Math.max(now - moment, 0);
    const [unit, length] = UNITS.find(([, one]) => passed >= one) ?? [];
    const count = Math.floor(passed / length);
    const ago = unit ? `${count} ${unit}${count === 1 ? "" : "s"} ago` : "just now";
    const date = moment.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
    const time = moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    return `${ago}, ${date} at ${time}`;
  };
}
