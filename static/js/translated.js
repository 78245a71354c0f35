/* The texts of the scripts in the language of the page: what stands in the scripts is English, and
 * the words of another language come with the page, as data (incidents/lib/words/of_scripts.py). */
"use strict";

{
  /* Read when they are first needed: this runs before they are there. */
  let words = null;
  const given = () => {
    const place = document.querySelector("script#words[type='application/json']");
    return place ? JSON.parse(place.textContent) : {};
  };
  const { lang } = document.documentElement;

  /* "{name}" becomes the value of that name; what nobody translated stays English. */
  globalThis.translated = (text, values = {}) =>
    ((words ??= given())[text] ?? text).replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));

  /* For one, and for any other number of them: "{count}". */
  globalThis.translatedCount = (count, one, many, values = {}) =>
    translated(count === 1 ? one : many, { ...values, count });

  /* In which days and times are written. */
  globalThis.localeOfTexts = !lang || lang === "en" ? "en-GB" : lang;
}
