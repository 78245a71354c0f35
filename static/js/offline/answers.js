/* What the device answers from its copy, in the server's order (incidents/lookup/answers.py): what
 * names the alert, the most specific first; what the words find; what speaks of other labels alone. */
"use strict";

globalThis.offline ??= {};
{
  const SERVICE_LABELS = ["service", "app", "application", "component", "job"];
  const namesAlert = (line) => line.specificity[0];

  const servicesNamed = (runbook, labels) => {
    const said = SERVICE_LABELS.map((label) => labels.get(label)?.toLowerCase());
    return runbook.services.filter(
      ({ name, slug }) => said.includes(name.toLowerCase()) || said.includes(slug.toLowerCase()),
    );
  };

  /* `copy` is as the server made it; the index is read when it is first asked. */
  offline.Lookup = class {
    constructor(copy) {
      this.runbooks = copy.runbooks;
      this.index = copy.index;
    }

    /* The best `limit` for a question as readQuestion() gives it. */
    answers({ text, labels }, limit) {
      this.ranking ??= new offline.Ranking(this.index);
      const byWords = this.ranking.find(text);
      const places = new Map(byWords.map((runbook, place) => [runbook, place]));
      const lines = new Map();
      if (labels.size) {
        this.runbooks.forEach((runbook, number) => {
          const line = offline.lineThatMatches(runbook, labels);
          if (line) lines.set(number, line);
        });
      }
      const place = (number) => places.get(number) ?? places.size;
      const bySpecificity = (one, other) =>
        offline.moreSpecific(lines.get(other), lines.get(one)) || place(one) - place(other) || one - other;
      const matching = [...lines.keys()].sort(bySpecificity);
      const named = matching.filter((number) => namesAlert(lines.get(number)));
      return [...new Set([...named, ...byWords, ...matching])].slice(0, limit).map((number) => ({
        runbook: this.runbooks[number],
        line: lines.get(number) ?? null,
        isExact: lines.has(number) && namesAlert(lines.get(number)) === 2,
        isByPattern: lines.has(number) && namesAlert(lines.get(number)) === 1,
        services: servicesNamed(this.runbooks[number], labels),
        byWords: places.has(number),
      }));
    }
  };
}
