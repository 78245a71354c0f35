/* How old something is, in words: "3 hours ago, 20 November 2026 at 14:02". */
"use strict";

globalThis.offline ??= {};
{
  const UNITS = [
    [86_400_000, (count) => translatedCount(count, "{count} day ago", "{count} days ago")],
    [3_600_000, (count) => translatedCount(count, "{count} hour ago", "{count} hours ago")],
    [60_000, (count) => translatedCount(count, "{count} minute ago", "{count} minutes ago")],
  ];

  offline.ageOf = (moment, now = new Date()) => {
    const passed = Math.max(now - moment, 0);
    const [length, told] = UNITS.find(([one]) => passed >= one) ?? [];
    const ago = told ? told(Math.floor(passed / length)) : translated("just now");
    const long = { day: "numeric", month: "long", year: "numeric" };
    const date = moment.toLocaleDateString(localeOfTexts, long);
    const time = moment.toLocaleTimeString(localeOfTexts, { hour: "2-digit", minute: "2-digit" });
    return translated("{ago}, {date} at {time}", { ago, date, time });
  };
}
