import { invariants } from '../../../src/simulation/checker/invariants.ts';
import { unchecked } from '../../../src/simulation/checker/unchecked.ts';
import { mutants } from '../mutants/mutants.ts';
import type { FaultCase, FaultRow } from './fault-row.ts';

const HEAD = `# What is verified, and by what

Written by \`npm run verification\`; \`npm test\` runs every case below again and fails when this page says
anything else. A simulated case is a run of whole agents on simulated machines in virtual time
(src/simulation): the checker reads what happened and tells every invariant that was broken.

Thousands of such runs with faults drawn at random are \`npm run sim -- --seeds 20000\`; every order of
events in a small cluster is \`civitas verify\`.
`;

/** What a simulated case showed: one sentence, or undefined when nothing was broken. */
export type FailureOf = (each: Extract<FaultCase, { type: 'simulated' }>) => string | undefined;

/** The page, from the rules, the mutants and the catalogue. */
export function renderVerification(rows: readonly FaultRow[], failureOf: FailureOf): string {
  return [HEAD, invariantSection(), uncheckedSection(), faultSection(rows, failureOf)].join('\n');
}

function invariantSection(): string {
  const rows = invariants.map((invariant) => {
    const { id, title, rule } = invariant;
    const names = mutants.filter((mutant) => mutant.rule === invariant).map(({ name }) => name);
    return [id, title, rule, names.join('; ')];
  });
  return `## Invariants

A mutant is a cluster with one guard broken on purpose; the rule beside it has to notice.

${table(['Id', 'Invariant', 'Rule', 'Caught: a cluster in which'], rows)}`;
}

function uncheckedSection(): string {
  const rows = unchecked.map(({ id, what, why }) => [id, what, why]);
  return `## What a trace can not tell

${table(['Id', 'What', 'Why, and who checks it instead'], rows)}`;
}

function faultSection(rows: readonly FaultRow[], failureOf: FailureOf): string {
  const cells = rows.flatMap(({ number, fault, invariants: broken, cases }) =>
    cases.map((each, index) => [
      index === 0 ? String(number) : '',
      index === 0 ? fault : '',
      index === 0 ? broken.join(' ') : '',
      sentence(each),
      result(each, failureOf),
    ]),
  );
  return `## Faults

${table(['No', 'Fault', 'Might break', 'Case', 'Result'], cells)}`;
}

function sentence(each: FaultCase): string {
  switch (each.type) {
    case 'simulated':
      return `simulated: ${each.shows}`;
    case 'none':
      return each.why;
    case 'test':
    case 'lab':
      return `${each.file}: ${each.title.replace(/%\w|\$\w+/g, '…')}`;
  }
}

function result(each: FaultCase, failureOf: FailureOf): string {
  switch (each.type) {
    case 'simulated':
      return failureOf(each) ?? 'nothing broken';
    case 'test':
      return 'in `npm test`';
    case 'lab':
      return 'in `npm run e2e`, real machines';
    case 'none':
      return 'not shown';
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n');
}
