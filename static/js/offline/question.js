/* What was pasted as a question: the words to look for, and the labels of the alert in it, read as
 * the server reads them (incidents/lookup/question.py). */
"use strict";

globalThis.offline ??= {};
{
  const LONGEST_JSON = 5_000_000;
  const LONGEST_READ = 20_000;
  const LONGEST_VALUE = 1000;
  const MOST_LABELS = 64;
  const ALERTNAME = "alertname";

  const UNKEPT = /[\0\ud800-\udfff]/gu;
  const PAIR =
    /(?<![\w.])(?<name>[a-zA-Z_][\w.]*|"(?:[^"\\]|\\.)*")=(?<value>"(?:[^"\\]|\\.)*"|[^\s,"{}()=!~]+)(?=[\s,})]|$)/gs;
  const LINE =
    /^[ \t]*[-*•]?[ \t]*(?<name>[a-zA-Z_]\w*)[ \t]*(?:=|:)[ \t]*(?<value>\S.*?)[ \t]*$/gm;
  const SERIES = /^\s*(?:ALERTS(?:_FOR_STATE)?\s*)?\{(?<inside>(?:[^{}"]|"(?:[^"\\]|\\.)*")*)\}/s;
  const FIRING = /^\s*\[(?:FIRING|RESOLVED)(?::\d+)?\]\s*(?<name>[^\s="(){}[\],]+)(?!=)/d;
  const CAMEL_CASE = /^[A-Za-z][A-Za-z0-9_]*[a-z0-9][A-Z][A-Za-z0-9_]*$/;
  const LABELS_OF_JSON = /"(?:commonLabels|labels)"\s*:\s*(\{[^{}]*\})/g;
  const UNTELLING = new Set(
    (
      "alertstate endpoint fingerprint id instance ip node pod prometheus replica severity uid " +
      "__name__"
    ).split(" "),
  );
  const NOT_OF_THE_ALERT = new Set(["alertstate", "__name__"]);
  const NO_VALUES = new Set(["", "<no value>"]);

  const unquoted = (text) =>
    text.length < 2 || !text.startsWith('"') || !text.endsWith('"')
      ? text
      : text.slice(1, -1).replace(/\\(.)/gs, (_, char) => (char === "n" ? "\n" : char));

  const keptLabels = (pairs) => {
    const labels = new Map();
    for (const [name, value] of pairs) {
      const told = typeof value === "string" ? value : JSON.stringify(value);
      const text = told.replace(UNKEPT, " ").trim();
      if (NOT_OF_THE_ALERT.has(name) || NO_VALUES.has(text) || name.length > LONGEST_VALUE) continue;
      if (!labels.has(name)) labels.set(name, text.slice(0, LONGEST_VALUE));
      if (labels.size === MOST_LABELS) break;
    }
    return labels;
  };

  const pairsIn = (text) =>
    keptLabels([...text.matchAll(PAIR)].map(({ groups }) => [unquoted(groups.name), unquoted(groups.value)]));

  /* The values that say what it is, the alert's name first. */
  const telling = (labels) => {
    const rest = [...labels].filter(([name]) => name !== ALERTNAME && !UNTELLING.has(name));
    const named = labels.has(ALERTNAME) ? [labels.get(ALERTNAME)] : [];
    return [...named, ...rest.map(([, value]) => value)];
  };

  const lines = (texts) => [...new Set(texts)].filter(Boolean).join("\n");
  const isRow = (told) => told !== null && typeof told === "object" && !Array.isArray(told);
  const merged = (row, ...names) => {
    const found = names.map((name) => row[name]).filter(isRow);
    return new Map(found.flatMap((one) => [...keptLabels(Object.entries(one))]));
  };

  /* Labels and annotations: of the alert itself, or of the first of several that is firing. */
  const firstAlert = (given) => {
    const told = isRow(given) && typeof given.data === "object" && given.data ? given.data : given;
    const common = isRow(told) ? told : {};
    const listed = isRow(told) ? (told.alerts ?? [told]) : told;
    const alerts = Array.isArray(listed) ? listed.filter(isRow) : [];
    const first = alerts.find((one) => (one.status ?? one.state) === "firing") ?? alerts[0] ?? {};
    const labels = new Map([...merged(common, "groupLabels", "commonLabels"), ...merged(first, "labels")]);
    const annotations = new Map([...merged(common, "commonAnnotations"), ...merged(first, "annotations")]);
    return labels.size ? { labels, annotations } : null;
  };

  const fromJson = (pasted) => {
    if (!/^[{[]/.test(pasted) || pasted.length > LONGEST_JSON) return null;
    let alert;
    try {
      alert = firstAlert(JSON.parse(pasted));
    } catch {
      return fromBrokenJson(pasted);
    }
    if (!alert) return null;
    const said = [...alert.annotations]
      .filter(([name, text]) => !/(?:_url|URL)$/.test(name) && !/^https?:\/\//.test(text))
      .map(([, text]) => text);
    return { text: lines([...telling(alert.labels), ...said]), labels: alert.labels };
  };

  /* A payload that was cut off: its first labels are still whole. */
  const fromBrokenJson = (pasted) => {
    let labels = new Map();
    for (const [, found] of pasted.slice(0, LONGEST_READ).matchAll(LABELS_OF_JSON)) {
      try {
        labels = new Map([...keptLabels(Object.entries(JSON.parse(found))), ...labels]);
      } catch {
        continue;
      }
      if (labels.has(ALERTNAME)) break;
    }
    return labels.size ? { text: pasted, labels } : null;
  };

  const fromSeries = (pasted) => {
    const found = SERIES.exec(pasted.slice(0, LONGEST_READ));
    const labels = found ? pairsIn(found.groups.inside) : new Map();
    if (!labels.size) return null;
    const rest = pasted.slice(found[0].length).trim();
    return { text: [...telling(labels), rest].filter(Boolean).join("\n"), labels };
  };

  const fromFiring = (pasted) => {
    const found = FIRING.exec(pasted.slice(0, LONGEST_READ));
    if (!found) return null;
    const firstLine = pasted.slice(found[0].length, LONGEST_READ).split("\n", 1)[0];
    const text = pasted.slice(found.indices.groups.name[0]);
    return { text, labels: new Map([[ALERTNAME, found.groups.name], ...pairsIn(firstLine)]) };
  };

  const fromPairs = (pasted) => {
    const beginning = pasted.slice(0, LONGEST_READ);
    if (!beginning.includes(ALERTNAME)) return null;
    const told = [...beginning.matchAll(LINE)].map(({ groups }) => [groups.name, unquoted(groups.value)]);
    const labels = [pairsIn(beginning), keptLabels(told)].find((one) => one.has(ALERTNAME));
    return labels ? { text: pasted, labels } : null;
  };

  const fromName = (pasted) => {
    const firstLine = pasted.split("\n", 1)[0].trim();
    if (firstLine.length > LONGEST_VALUE || !CAMEL_CASE.test(firstLine)) return null;
    return { text: pasted, labels: new Map([[ALERTNAME, firstLine]]) };
  };

  const quoted = (text) => `"${text.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`;

  /* Text and labels as one text that reads as the same question: `{team="db"} disk full`. */
  offline.asText = (text, given) => {
    const pairs = [...keptLabels(given)].map(
      ([name, value]) => `${/^[a-zA-Z_]\w*$/.test(name) ? name : quoted(name)}=${quoted(value)}`,
    );
    return pairs.length ? `{${pairs.join(", ")}} ${text}`.trim() : text;
  };

  /* `given` are the labels of the address, as pairs; they hold over those in the text. */
  offline.readQuestion = (pasted, given = []) => {
    const text = pasted.replace(UNKEPT, " ").trim();
    const readers = [fromJson, fromSeries, fromFiring, fromPairs, fromName];
    const found = readers.reduce((read, reader) => read ?? reader(text), null);
    const question = found ?? { text, labels: new Map() };
    const labels = keptLabels(given);
    const missing = telling(labels).filter((value) => !question.text.includes(value));
    return {
      text: [...missing, question.text].filter(Boolean).join("\n"),
      labels: new Map([...question.labels, ...labels]),
    };
  };
}
