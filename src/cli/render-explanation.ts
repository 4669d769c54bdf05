import type { Explanation } from '../state/explanation.ts';
import { durationText } from './duration-text.ts';
import type { Paint } from './paint.ts';
import { plainTable } from './plain-table.ts';
import { timeText } from './time-text.ts';

interface Options {
  readonly paint: Paint;
  /** Now, on the wall clock the waits were dated with. */
  readonly wallMs: number;
}

/** The human form of `civitas explain`. */
export function renderExplanation(explanation: Explanation, options: Options): string {
  const parts = [facts(explanation, options), waits(explanation, options), decisions(explanation)];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function facts(explanation: Explanation, { paint }: Options): string {
  const { node, role, phase, liveness, because, revision } = explanation;
  const lines: readonly (readonly [string, string])[] = [
    ['Node', `${paint('bold', node.hostname)} (${node.nodeId}, incarnation ${node.incarnation})`],
    ['Address', node.addresses.join(', ')],
    ['Zone', node.zone || '-'],
    ['Role', role ?? 'none'],
    ['Because', because],
    ['Phase', phase ?? 'not reported yet'],
    ['Alive', liveness],
    ['As of', `revision ${revision}`],
  ];
  return lines.map(([name, text]) => `${`${name}:`.padEnd(10)}${text}`).join('\n');
}

function waits(explanation: Explanation, { paint, wallMs }: Options): string {
  const lines = explanation.waits.map(({ by, message, sinceWallMs }) => {
    const since = sinceWallMs === null ? '' : ` (${durationText(wallMs - sinceWallMs)})`;
    return `  ${paint('yellow', by)}: ${message}${since}`;
  });
  return lines.length === 0 ? 'Waits for nothing.' : ['Waits:', ...lines].join('\n');
}

function decisions({ decisions: last }: Explanation): string {
  if (last.length === 0) return '';
  const rows = last.map(({ wallMs, action, summary }) => [timeText(wallMs), action, summary]);
  return plainTable(['WHEN', 'DECISION', 'WHY'], rows);
}
