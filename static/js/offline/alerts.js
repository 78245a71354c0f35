/* Which runbooks name an alert: the server has read their lines, and here they are tried
 * (incidents/lookup/matchers.py). A line that a device cannot try has no matchers. */
"use strict";

globalThis.offline ??= {};
{
  /* Characters of a value that a pattern is tried on: JavaScript's patterns may take their time. */
  const LONGEST_TRIED = 256;

  const fits = ({ pattern, flags }, value) => {
    try {
      return new RegExp(`^(?:${pattern})$`, `${flags}u`).test(value.slice(0, LONGEST_TRIED));
    } catch {
      /* This browser does not know something in it. */
      return null;
    }
  };

  const holds = (matcher, labels) => {
    const value = labels.get(matcher.label) ?? "";
    if (matcher.operator === "=") return value === matcher.value;
    if (matcher.operator === "!=") return value !== matcher.value;
    const found = fits(matcher, value);
    return found !== null && found === (matcher.operator === "=~");
  };

  offline.moreSpecific = (one, other) => {
    const place = one.specificity.findIndex((count, at) => count !== other.specificity[at]);
    return place < 0 ? 0 : one.specificity[place] - other.specificity[place];
  };

  /* The most specific line of a runbook that means this alert; null if none does. */
  offline.lineThatMatches = (runbook, labels) =>
    runbook.alerts
      .filter(({ matchers }) => matchers?.every((matcher) => holds(matcher, labels)))
      .reduce((best, line) => (best && offline.moreSpecific(line, best) <= 0 ? best : line), null);
}
