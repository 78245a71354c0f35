/* A runbook's text as a row of cards, one thing each: its steps, with what stands before them.
 *
 * The steps are the first of these that there are at least two of:
 * 1. headings that begin with a number ("Step 1", "2. Restart"), each with what follows it,
 * 2. the items of numbered lists,
 * 3. the items of the lists below a heading that sounds like doing ("Mitigation"),
 * 4. the sections of the text.
 * A text with none of them is one card without a check mark. What is longer than a few lines before
 * the first step or after the last is a card without one, too. */
"use strict";

globalThis.reading ??= {};
{
  const FEW_CHARACTERS = 400;
  const NUMBERED = /^\s*(?:step\s+\d+|\d+\s*[.):])/i;
  const DOING =
    /\b(?:steps?|what to do|mitigat\w*|resol\w*|remed\w*|fix\w*|repair\w*|procedure|actions?|diagnos\w*|investigat\w*|troubleshoot\w*)\b/i;

  const isHeading = (node) => /^H[1-6]$/.test(node.nodeName);
  const level = (node) => Number(node.nodeName[1]);
  const isThere = (node) => node.nodeType === Node.ELEMENT_NODE || node.textContent.trim() !== "";
  const length = (nodes) => nodes.reduce((sum, node) => sum + node.textContent.trim().length, 0);

  /* Each `begins` node begins a step, and what follows until the next `ends` belongs to it. */
  const sections = (nodes, begins, ends) => {
    const steps = [];
    let loose = [];
    let step = null;
    for (const node of nodes) {
      if (begins(node)) {
        step = { before: loose, nodes: [node], label: "" };
        loose = [];
        steps.push(step);
      } else {
        if (step && ends(node)) step = null;
        (step ? step.nodes : loose).push(node);
      }
    }
    return { steps, after: loose };
  };

  const byNumberedHeadings = (nodes) => {
    const found = nodes.filter((node) => isHeading(node) && NUMBERED.test(node.textContent));
    const top = Math.min(...found.map(level));
    return sections(
      nodes,
      (node) => found.includes(node) && level(node) === top,
      (node) => isHeading(node) && level(node) <= top,
    );
  };

  const bySections = (nodes) => {
    const top = Math.min(...nodes.filter(isHeading).map(level));
    const isTop = (node) => isHeading(node) && level(node) === top;
    return sections(nodes, isTop, isTop);
  };

  const byItems = (nodes, isList) => {
    const steps = [];
    let loose = [];
    for (const node of nodes) {
      if (!isList(node)) {
        loose.push(node);
        continue;
      }
      const first = node.start ?? 1;
      [...node.children].forEach((item, at) => {
        item.querySelector(":scope > input[type='checkbox']")?.remove();
        const label = node.nodeName === "OL" ? String(first + at) : "";
        steps.push({ before: loose, nodes: [...item.childNodes], label });
        loose = [];
      });
    }
    return { steps, after: loose };
  };

  const byNumberedLists = (nodes) => byItems(nodes, (node) => node.nodeName === "OL");

  const byListsOfDoing = (nodes) => {
    const at = nodes.findIndex((node) => isHeading(node) && DOING.test(node.textContent));
    if (at < 0) return { steps: [], after: nodes };
    const end = nodes.findIndex((node, place) => place > at && isHeading(node) && level(node) <= level(nodes[at]));
    const inside = new Set(nodes.slice(at, end < 0 ? undefined : end));
    return byItems(nodes, (node) => node.nodeName === "UL" && inside.has(node));
  };

  const WAYS = [
    [byNumberedHeadings, (nodes) => nodes.filter((node) => isHeading(node) && NUMBERED.test(node.textContent)).length],
    [byNumberedLists, (nodes) => itemsIn(nodes, "OL")],
    [byListsOfDoing, (nodes) => itemsIn(nodes, "UL")],
    [bySections, (nodes) => nodes.filter(isHeading).length],
  ];
  const itemsIn = (nodes, name) =>
    nodes.filter(({ nodeName }) => nodeName === name).reduce((sum, list) => sum + list.children.length, 0);

  /* Takes the nodes of `prose` apart; gives cards of {nodes, label, isStep}. */
  reading.cardsOf = (prose) => {
    const nodes = [...prose.childNodes].filter(isThere);
    for (const [way, count] of WAYS) {
      if (count(nodes) < 2) continue;
      const { steps, after } = way(nodes);
      if (steps.length >= 2) return asCards(steps, after);
    }
    return [{ nodes, label: "", isStep: false }];
  };

  const asCards = (steps, after) => {
    const cards = steps.map(({ before, nodes, label }) => ({ before, nodes, label, isStep: true }));
    const [first] = cards;
    if (length(first.before) > FEW_CHARACTERS) {
      /* The heading under which the steps stand stays with them. */
      const last = first.before.findLastIndex((node) => !isHeading(node));
      cards.unshift({ nodes: first.before.slice(0, last + 1), label: "", isStep: false });
      first.before = first.before.slice(last + 1);
    }
    if (after.length) cards.push({ nodes: after, label: "", isStep: false });
    return cards;
  };
}
