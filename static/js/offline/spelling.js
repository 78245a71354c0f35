/* Slips of the finger in a short question: `clutser` asks for `cluster` too, where no runbook has the
 * first and a title or an alert of one has the second (incidents/lookup/spelling.py). */
"use strict";

globalThis.offline ??= {};
{
  const MOST_TERMS = 8;
  const SHORTEST = 4;
  const LONG = 8;
  const isWord = (word) => word.length >= SHORTEST && /^\p{L}+$/u.test(word);

  /* Insertions, deletions, substitutions and transpositions of neighbours that lead from one word to
   * the other; `most` + 1 stands for all that is more. */
  const distance = (one, other, most) => {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    let [before, last] = [[], [...Array(other.length + 1).keys()]];
    for (let i = 1; i <= one.length; i += 1) {
      const row = [i];
      for (let j = 1; j <= other.length; j += 1) {
        const same = one[i - 1] === other[j - 1] ? 0 : 1;
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
        const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
        if (swapped) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      if (Math.min(...row) > most) return most + 1;
      [before, last] = [last, row];
    }
    return last[other.length];
  };

  const nearest = (word, vocabulary) => {
    let [found, best] = [undefined, (word.length >= LONG ? 2 : 1) + 1];
    for (const candidate of vocabulary) {
      const steps = isWord(candidate) ? distance(word, candidate, best - 1) : best;
      if (steps < best) [found, best] = [candidate, steps];
    }
    return found;
  };

  /* The question with the nearest word beside each that no runbook has. */
  offline.withoutSlips = (asked, { isUnknown, letters, vocabulary, characterOf }) => {
    const unknown = asked.terms.filter((term) => isUnknown(term) && isWord(letters(term)));
    if (asked.terms.length > MOST_TERMS || !unknown.length) return asked;
    const meant = new Map();
    for (const term of unknown) {
      const word = nearest(letters(term), vocabulary());
      if (word) meant.set(term, characterOf(word));
    }
    const pairs = asked.pairs
      .filter((pair) => pair.some((term) => meant.has(term)))
      .map((pair) => pair.map((term) => meant.get(term) ?? term));
    return {
      ...asked,
      terms: [...new Set([...asked.terms, ...meant.values()])],
      pairs: [...asked.pairs, ...pairs],
    };
  };
}
