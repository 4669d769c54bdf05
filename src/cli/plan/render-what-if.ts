import type { RoleProjection, RoleStep } from '../../controllers/roles/projection/project.ts';
import type { ClusterSpec } from '../../state/cluster-spec.ts';
import type { KnownLog } from '../../state/known-log.ts';
import type { Rollout } from '../../state/rollout.ts';
import { consentFor } from '../../state/rollout-consent.ts';
import { rolloutView } from '../../state/rollout-view.ts';
import { describeChange } from '../../state/spec-difference.ts';
import type { Paint } from '../paint.ts';
import { plainTable } from '../plain-table.ts';
import type { Consequences } from './consequences.ts';
import { renderWouldBe } from './render-rollout.ts';

interface Options {
  readonly paint: Paint;
  readonly wallMs: number;
}

/** The human form of `civitas plan --what-if`: what differs, who changes its role, what rolls through. */
export function renderWhatIf(found: Consequences, log: KnownLog, options: Options): string {
  const parts = [
    ...headline(found),
    ...rolesText(found.roles),
    ...rolloutText(found, log, options),
    'Nothing was changed.',
  ];
  return `${parts.join('\n\n')}\n`;
}

function headline({ changes }: Consequences): readonly string[] {
  if (changes.length === 0) return ['Nothing would be changed of the spec.'];
  const list = changes.map((change) => `  ${describeChange(change)}`);
  return [['Would be changed:', ...list].join('\n')];
}

function rolesText({ steps, wait }: RoleProjection): readonly string[] {
  const rows = steps.map((step, index) => [String(index + 1), ...roleRow(step)]);
  const table = plainTable(['#', 'NODE', 'IS', 'BECOMES', 'DRAINED', 'WHY'], rows);
  return [
    ...(steps.length === 0
      ? [wait === null ? 'No role would change.' : 'No role would change now.']
      : [`Roles would change, at once:\n${table}`]),
    ...(wait === null ? [] : [`Of the roles it would wait: ${wait.message}.`]),
  ];
}

function roleRow({ hostname, from, to, drains, why }: RoleStep): readonly string[] {
  return [hostname, from ?? '-', to, drains ? 'yes' : 'no', why];
}

function rolloutText(found: Consequences, log: KnownLog, options: Options): readonly string[] {
  const { answer, cancelled, spec } = found;
  if (cancelled !== null) {
    return [`No rollout would follow: people cancelled ${cancelled}; edit the spec to ask anew.`];
  }
  switch (answer.type) {
    case 'nothing':
      return ['No rollout would follow: every node runs what that spec says.'];
    case 'wait':
      return [`No rollout can be planned yet: ${answer.wait.message}.`];
    case 'planned':
      return [`${rolloutTable(answer.rollout, log, options)}\n${beginning(answer.rollout, spec)}`];
  }
}

function rolloutTable(rollout: Rollout, log: KnownLog, options: Options): string {
  const entry = { kind: 'rollout', key: rollout.planId, value: rollout, revision: 0 } as const;
  return renderWouldBe(rolloutView(entry, { ...log, progresses: [] }, options.wallMs), options);
}

function beginning({ action }: Rollout, spec: ClusterSpec): string {
  const { policy, window, field } = consentFor(action, spec);
  if (field === 'upgrade' && spec.upgrade.paused)
    return 'It would begin once upgrade.paused is false.';
  if (policy === 'approve') return 'It would wait for `civitas approve`.';
  if (policy === 'auto' || window === undefined) return 'It would begin at once.';
  const days = window.days?.join(', ') ?? 'every day';
  return `It would begin and go on within ${window.lengthMinutes} minutes from ${window.start} UTC (${days}).`;
}
