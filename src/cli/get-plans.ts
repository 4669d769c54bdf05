import type { KnownLog } from '../state/known-log.ts';
import { documentText } from './document-text.ts';
import { knownLog } from './known-log.ts';
import { plainTable } from './plain-table.ts';

interface Options {
  readonly stateDir: string;
  readonly output: 'table' | 'wide' | 'json' | 'yaml';
}

/** Prints what the leader would do if people allowed it. */
export async function getPlans({ stateDir, output }: Options): Promise<void> {
  const log = await knownLog(stateDir);
  if (output === 'json' || output === 'yaml') {
    const plans = log.plans.map(({ key, value }) => ({ ...value, approved: isApproved(key, log) }));
    const document = { apiVersion: 'civitas.dev/v1alpha1', kind: 'Plans', plans };
    process.stdout.write(await documentText(document, output));
    return;
  }
  process.stdout.write(renderPlans(log, output === 'wide'));
}

/** A table of plans. */
export function renderPlans(log: KnownLog, wide: boolean): string {
  if (log.plans.length === 0) return 'No plan waits for approval.\n';
  const name = (nodeId: string | null) =>
    log.nodes.find(({ key }) => key === nodeId)?.value.hostname ?? nodeId ?? '-';
  const head = ['PLAN', 'ACTION', 'NODE', 'BY', 'APPROVED', 'WHY'];
  const rows = log.plans.map(({ key, value }) => {
    const { action, nodeId, candidate, summary, revision, term } = value;
    const row = [key, action, name(nodeId), name(candidate), isApproved(key, log) ? 'yes' : 'no'];
    return wide ? [...row, summary, String(revision), String(term)] : [...row, summary];
  });
  return `${plainTable(wide ? [...head, 'REVISION', 'TERM'] : head, rows)}\n`;
}

function isApproved(planId: string, { approvals }: KnownLog): boolean {
  return approvals.some(({ key }) => key === planId);
}
