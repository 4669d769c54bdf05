import type { KnownLog } from '../state/known-log.ts';
import { openPlans } from '../state/open-plans.ts';
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
    const document = { apiVersion: 'civitas.dev/v1alpha1', kind: 'Plans', plans: openPlans(log) };
    process.stdout.write(await documentText(document, output));
    return;
  }
  process.stdout.write(renderPlans(log, output === 'wide'));
}

/** A table of plans, replacements and rollouts alike. */
function renderPlans(log: KnownLog, wide: boolean): string {
  const plans = openPlans(log);
  if (plans.length === 0) return 'No plan waits for approval.\n';
  const name = (nodeId: string | null) =>
    log.nodes.find(({ key }) => key === nodeId)?.value.hostname ?? nodeId ?? '-';
  const head = ['PLAN', 'ACTION', 'NODE', 'BY', 'APPROVED', 'WHY'];
  const rows = plans.map((plan) => {
    const { planId, action, nodeId, candidate, approved, summary, revision, term } = plan;
    const row = [planId, action, name(nodeId), name(candidate), approved ? 'yes' : 'no', summary];
    return wide ? [...row, String(revision), String(term)] : row;
  });
  return `${plainTable(wide ? [...head, 'REVISION', 'TERM'] : head, rows)}\n`;
}
