/* Text to words, as the server does it (incidents/lookup/terms.py): a name counts as itself and as
 * its words, `KubePodCrashLooping` as `kubepodcrashlooping kube pod crash looping`; addresses,
 * numbers, hashes and stop words are left out. What a word's stem is, the copy's index knows. */
"use strict";

globalThis.offline ??= {};
{
  const LONGEST_ASKED = 8000;
  const MOST_TERMS = 48;
  const LONGEST_TERM = 60;

  const CHUNK = /\b(?:inc|les|act)-\d+\b|[\p{L}\p{N}]+(?:[-_.:]+[\p{L}\p{N}]+)*/giu;
  const REFERENCE = /^(?:inc|les|act)-\d+$/i;
  const DOT = /[.:]+/;
  const JOINT = /[-_]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/;
  const MADE_UP = [
    /^\d+(?:[num]?s|[mhdwkx]|[kmgt]?i?b?|st|nd|rd|th)?$/,
    /^(?=[a-f]*\d)[0-9a-f]{5,}$/,
    /^(?:[a-z]+\d+[a-z]+\d+[a-z][\p{L}\p{N}_]*|\d+[a-z]+\d+[a-z]+\d[\p{L}\p{N}_]*)$/u,
  ];
  const ADDRESS = new RegExp(
    [
      /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+|\/\d+)?\b/,
      /(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}(?![\w:])/,
      /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/,
      /\b\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:z|[+-]\d\d:?\d\d)?)?/,
    ]
      .map((one) => one.source)
      .join("|"),
    "gi",
  );

  const plain = (text) => text.normalize("NFKD").replace(/\p{Mn}/gu, "");
  /* As Python folds: ß is ss, and the final sigma is one. */
  const folded = (text) => text.toUpperCase().toLowerCase().replaceAll("ς", "σ");
  const isMadeUp = (word) => MADE_UP.some((kind) => kind.test(folded(word)));

  const nameOf = (chunk) => {
    if (REFERENCE.test(chunk)) return { wholes: [], words: [folded(chunk.replace("-", ""))] };
    const sides = chunk
      .split(DOT)
      .map((side) => (isMadeUp(side) ? [side] : side.split(JOINT).filter(Boolean)));
    const joined = sides.filter((side) => side.length > 1);
    if (sides.length > 1) joined.unshift(sides.flat());
    const wholes = joined
      .filter((side) => !side.some(isMadeUp))
      .map((side) => folded(side.join("")))
      .filter((whole) => whole.length <= LONGEST_TERM);
    const words = sides.flat().filter((word) => word.length <= LONGEST_TERM);
    return { wholes: [...new Set(wholes)], words: words.map(folded) };
  };

  const namesIn = (text) =>
    (plain(text).match(CHUNK) ?? [])
      .map(nameOf)
      .filter((name) => name.wholes.length + name.words.length > 0);

  /* The beginning and the end of a long text, without the words that are cut in two. */
  const ends = (text) => {
    if (text.length <= LONGEST_ASKED) return text;
    const half = LONGEST_ASKED / 2;
    return text.slice(0, half).replace(/\s\S*$/, "") + " " + text.slice(-half).replace(/^\S*\s/, "");
  };

  const unique = (list) => [...new Set(list)];

  /* What to look for. `termOf` gives the term of a word, `isStop` says of a term whether it is one
   * that tells nothing. Of many terms names come first; pairs are neighbours of what is left,
   * without noise in any case. */
  offline.asked = (given, { termOf, isStop }) => {
    const text = ends(given);
    const read = (one) =>
      namesIn(one).map(({ wholes, words }) => ({
        wholes: wholes.map(termOf),
        words: words.map((word) => ({ word, term: termOf(word) })),
      }));
    const isNoise = ({ word, term }) =>
      /^[\x00-\x7f]$/.test(word) || isStop(term) || isMadeUp(word);
    const termsOf = (name) => [...name.wholes, ...name.words.map(({ term }) => term)];

    const everything = read(text);
    const cleaned = read(plain(text).replace(ADDRESS, " "))
      .map(({ wholes, words }) => ({ wholes, words: words.filter((one) => !isNoise(one)) }))
      .filter((name) => termsOf(name).length > 0);
    const telling = cleaned.length ? cleaned : everything;
    const named = telling.filter((name) => name.wholes.length > 0);
    const terms = unique([...named, ...telling].flatMap(termsOf)).slice(0, MOST_TERMS);
    const kept = new Set(terms);
    const line = telling.flatMap(({ words }) => words).filter(({ term }) => kept.has(term));
    const pairs = new Map();
    line.slice(1).forEach((then, place) => {
      const pair = [line[place], then];
      const [one, other] = pair.map(({ term }) => term);
      if (one !== other && !pair.some(isNoise)) pairs.set(`${one} ${other}`, [one, other]);
    });
    return {
      terms,
      pairs: [...pairs.values()].slice(0, MOST_TERMS),
      names: new Set(everything.flatMap(({ wholes }) => wholes.slice(0, 1))),
    };
  };
}
