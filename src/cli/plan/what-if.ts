import { join } from 'node:path';
import { tellAgent } from '../../adapters/local-api-client.ts';
import { planRollout, type RolloutAnswer } from '../../controllers/upkeep/plan-rollout.ts';
import { type ClusterSpec, clusterSpecSchema } from '../../state/cluster-spec.ts';
import type { KnownLog } from '../../state/known-log.ts';
import { specAnswerSchema } from '../../state/local-changes.ts';
import { rolloutView } from '../../state/rollout-view.ts';
import { describeChange, type SpecChange } from '../../state/spec-difference.ts';
import { documentText } from '../document-text.ts';
import { knownLog } from '../known-log.ts';
import { type Paint, paintFor } from '../paint.ts';
import { readSpecDocument } from '../spec-file.ts';
import { renderWouldBe } from './render-rollout.ts';

interface Options {
  readonly stateDir: string;
  readonly file: string;
  readonly output: 'table' | 'wide' | 'json' | 'yaml';
}

/** What another spec would lead to. */
interface WhatIf {
  readonly changes: readonly SpecChange[];
  readonly spec: ClusterSpec;
  readonly answer: RolloutAnswer;
}

/**
 * Prints the rollout that the leader would make of a document, by what this agent knows of the log;
 * nothing is changed. TerminalError `spec.refused` names every field that is wrong.
 */
export async function whatIf({ stateDir, file, output }: Options): Promise<void> {
  const { document } = await readSpecDocument(file);
  const ask = { document, dryRun: true };
  const { changes } = await tellAgent(
    join(stateDir, 'agent.sock'),
    '/v1/spec',
    ask,
    specAnswerSchema,
  );
  const spec = clusterSpecSchema.parse(document);
  const log = await knownLog(stateDir);
  const found = { changes, spec, answer: answerFor(spec, log, Date.now()) };
  if (output === 'json' || output === 'yaml') {
    const whole = { apiVersion: 'civitas.dev/v1alpha1', kind: 'WhatIf', ...found };
    process.stdout.write(await documentText(whole, output));
    return;
  }
  process.stdout.write(
    renderWhatIf(found, log, { paint: paintFor(process.stdout), wallMs: Date.now() }),
  );
}

/** The plan of a leader that had this spec at the next revision. Pure. */
export function answerFor(spec: ClusterSpec, log: KnownLog, wallMs: number): RolloutAnswer {
  const term = Math.max(1, ...log.assignments.map(({ value }) => value.term));
  const wanted = { value: spec, revision: log.revision + 1 };
  return planRollout(log, wanted, { term, revision: log.revision, wallMs });
}

function renderWhatIf(
  { changes, spec, answer }: WhatIf,
  log: KnownLog,
  options: { readonly paint: Paint; readonly wallMs: number },
): string {
  const list = changes.map((change) => `  ${describeChange(change)}\n`).join('');
  const head = changes.length === 0 ? 'Nothing would be changed.\n' : `Would be changed:\n${list}`;
  switch (answer.type) {
    case 'nothing':
      return `${head}\nNo rollout would follow: every node is as that spec says.\n`;
    case 'wait':
      return `${head}\nNo rollout can be planned yet: ${answer.wait.message}.\n`;
    case 'planned': {
      const { rollout } = answer;
      const entry = { kind: 'rollout', key: rollout.planId, value: rollout, revision: 0 } as const;
      const view = rolloutView(entry, { ...log, progresses: [] }, options.wallMs);
      return `${head}\n${renderWouldBe(view, options)}\n${beginning(spec)} Nothing was changed.\n`;
    }
  }
}

function beginning({ upgrade: { policy, window, paused } }: ClusterSpec): string {
  if (paused) return 'It would begin once upgrade.paused is false.';
  if (policy === 'approve') return 'It would wait for `civitas approve`.';
  if (policy === 'auto' || window === undefined) return 'It would begin at once.';
  const days = window.days?.join(', ') ?? 'every day';
  return `It would begin and go on within ${window.lengthMinutes} minutes from ${window.start} UTC (${days}).`;
}
