import type { DecisionEvent, Guard } from '../state/decision-event.ts';
import { plainTable } from './plain-table.ts';
import { timeText } from './time-text.ts';

interface Options {
  /** With guards and those who were not chosen. */
  readonly wide: boolean;
  /** Of the enrolled nodes, by id. */
  readonly hostnames: ReadonlyMap<string, string>;
}

/** Decisions as people read them, oldest first. */
export function renderHistory(
  events: readonly DecisionEvent[],
  { wide, hostnames }: Options,
): string {
  if (events.length === 0) return 'Nothing was decided yet that is kept.\n';
  if (wide) return `${events.map((event) => paragraph(event, hostnames)).join('\n\n')}\n`;
  const rows = events.map(({ wallMs, action, hostname, summary }) => {
    return [timeText(wallMs), action, hostname ?? '-', summary];
  });
  return `${plainTable(['WHEN', 'DECISION', 'NODE', 'WHY'], rows)}\n`;
}

function paragraph(event: DecisionEvent, hostnames: Options['hostnames']): string {
  const { wallMs, action, summary, by, term, revision, guards, rejected } = event;
  const reign = term === null ? '' : `, term ${term}`;
  return [
    `${timeText(wallMs)}  ${action}: ${summary}`,
    `  by ${hostnames.get(by) ?? by}${reign}, from revision ${revision}`,
    ...guards.map(guardLine),
    ...rejected.map(({ hostname, reason }) => `  not chosen: ${hostname} ${reason}`),
  ].join('\n');
}

function guardLine({ name, passed, message }: Guard): string {
  return `  ${passed ? 'passed' : 'failed'} ${name}: ${message}`;
}
