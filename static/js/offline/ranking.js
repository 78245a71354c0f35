/* The runbooks in which words of a question are, best first, by the copy's index: BM25 over two rows
 * of each runbook, head and body, as the server's engines do it, then a second look at the first
 * ones (incidents/lookup/reranking.py). A term is one character of a row. */
"use strict";

globalThis.offline ??= {};
{
  const K1 = 1.2;
  const B = 0.75;
  const FIRST_CHARACTER = 0x100;
  const SURROGATES = 0xd800;
  const BEYOND = 0x10000;
  const UNKNOWN = "?";
  /* What may follow the stem of a word that no runbook has, where its stem stands in one. */
  const ENDING = new RegExp(
    "^(?:at|it|i|t|s)?(?:e?s|e?d|ings?|ions?|ioned|ioning|ional|al|ally|ives?|ly|able|ibles?|" +
      "ance|ence|ents?|ments?|ness|ity|ies|ied|e|y)$",
  );
  const SHORTEST = 4;

  const characterOf = (number) => {
    const place = FIRST_CHARACTER + number;
    return String.fromCodePoint(place < SURROGATES ? place : place - SURROGATES + BEYOND);
  };

  const countIn = (row, wanted) => {
    let count = 0;
    for (let at = row.indexOf(wanted); at >= 0; at = row.indexOf(wanted, at + wanted.length)) count += 1;
    return count;
  };

  /* Adds to `scores` what each row that has `wanted` gets for it. */
  const addScores = (rows, wanted, weight, scores) => {
    const found = [];
    for (const row of rows.all) {
      const count = countIn(row.text, wanted);
      if (count) found.push({ row, count });
    }
    const rare = (rows.all.length - found.length + 0.5) / (found.length + 0.5);
    const idf = Math.max(Math.log(rare), 1e-6);
    for (const { row, count } of found) {
      const against = K1 * (1 - B + (B * row.text.length) / rows.meanLength);
      const score = (idf * count * (K1 + 1)) / (count + against);
      scores.set(row.runbook, (scores.get(row.runbook) ?? 0) + weight * row.weight * score);
    }
  };

  const rowsOf = (index) => {
    const rows = (texts, weight) =>
      texts.map((text, runbook) => ({ text, runbook, weight })).filter(({ text }) => text);
    const all = [...rows(index.heads, index.weights.head), ...rows(index.bodies, 1)];
    const length = all.reduce((sum, { text }) => sum + text.length, 0);
    return { all, meanLength: Math.max(length / all.length, 1) };
  };

  /* Made once for a copy; `find` takes a text and gives the places of runbooks, best first. */
  offline.Ranking = class {
    constructor(index) {
      this.index = index;
      this.rows = rowsOf(index);
      this.numbers = new Map(index.terms.map((term, number) => [term, number]));
      this.words = new Map(Object.entries(index.words));
      this.stop = new Set(index.stop.map(characterOf));
    }

    /* The character of a word's term; what no runbook has is a text that stands in no row. */
    termOf(word) {
      const number = this.words.get(word) ?? this.numbers.get(word) ?? this.byBeginning(word);
      return number === undefined ? UNKNOWN + word : characterOf(number);
    }

    byBeginning(word) {
      for (let length = word.length - 1; length >= SHORTEST; length -= 1) {
        const number = this.numbers.get(word.slice(0, length));
        if (number !== undefined && ENDING.test(word.slice(length))) return number;
      }
      return undefined;
    }

    asked(text) {
      const asked = offline.asked(text, {
        termOf: (word) => this.termOf(word),
        isStop: (term) => this.stop.has(term),
      });
      return offline.withoutSlips(asked, {
        isUnknown: (term) => term.startsWith(UNKNOWN),
        letters: (term) => term.slice(UNKNOWN.length),
        vocabulary: () => this.vocabulary(),
        characterOf: (word) => characterOf(this.numbers.get(word)),
      });
    }

    /* The terms of heads alone: they correct slips. */
    vocabulary() {
      const used = new Set(this.index.heads.join(""));
      this.ofHeads ??= this.index.terms.filter((_, number) => used.has(characterOf(number))).sort();
      return this.ofHeads;
    }

    find(text) {
      const { weights, titles, names } = this.index;
      const asked = this.asked(text);
      const scores = new Map();
      for (const term of asked.terms) addScores(this.rows, term, 1, scores);
      for (const pair of asked.pairs) addScores(this.rows, pair.join(""), weights.phrase, scores);
      const said = new Set(asked.terms);
      const share = (title) => {
        const terms = [...title];
        return terms.length ? terms.filter((term) => said.has(term)).length / terms.length : 0;
      };
      const order = (a, b) => b.isNamed - a.isNamed || b.score - a.score || a.runbook - b.runbook;
      return [...scores]
        .map(([runbook, score]) => ({ runbook, score, isNamed: false }))
        .sort(order)
        .slice(0, weights.depth)
        .map(({ runbook, score }) => ({
          runbook,
          score: score * (1 + weights.title * share(titles[runbook])),
          isNamed: [...names[runbook]].some((name) => asked.names.has(name)),
        }))
        .sort(order)
        .map(({ runbook }) => runbook);
    }
  };
}
