import { clusterSpecSchema } from '../../../src/state/cluster-spec.ts';
import { assigns, commits, idOf, serves, starts } from './entries.ts';
import { tellApart } from './tell-apart.ts';

const PLAN = `replace-${idOf('n3')}-1`;

const asks = (second: number, policy: 'approve' | 'auto' = 'approve') => {
  const spec = clusterSpecSchema.parse({ kubernetesVersion: 'v1.34.4', replacement: { policy } });
  return commits(second, 'spec', 'current', spec);
};
const verdict = (second: number, is: 'alive' | 'dead') => {
  const value = { nodeId: idOf('n3'), incarnation: 1, verdict: is, evidence: '' };
  return commits(second, 'liveness', idOf('n3'), value);
};
const plans = (second: number, host = 'n3') =>
  commits(second, 'plan', PLAN, { planId: PLAN, nodeId: idOf(host) });
const approves = (second: number) =>
  commits(second, 'approval', PLAN, { planId: PLAN, approvedWallMs: 0 });
const three = [...starts(1, 'n1', 'n2', 'n3'), asks(1), ...serves(1, 'n3', 'join-control-plane')];

tellApart('S20', {
  broken: [
    {
      when: 'nobody was asked',
      entries: [...three, verdict(2, 'dead'), assigns(3, 'n3', 'retire')],
    },
    {
      when: 'people were asked, and said nothing yet',
      entries: [...three, verdict(2, 'dead'), plans(3), assigns(4, 'n3', 'retire')],
    },
    {
      when: 'they approved of another one',
      entries: [
        ...[...three, verdict(2, 'dead'), plans(3, 'n2'), approves(4)],
        assigns(5, 'n3', 'retire'),
      ],
    },
    {
      when: 'what they approved was an earlier loss',
      entries: [
        ...[...three, verdict(2, 'dead'), plans(3), approves(4), verdict(5, 'alive')],
        ...[verdict(6, 'dead'), assigns(7, 'n3', 'retire')],
      ],
    },
  ],
  sound: [
    {
      when: 'they approved it',
      entries: [
        ...[...three, verdict(2, 'dead'), plans(3), approves(4)],
        ...[commits(5, 'plan', PLAN, null), assigns(5, 'n3', 'retire')],
      ],
    },
    {
      when: 'the spec does not want them to be asked any more',
      entries: [...three, verdict(2, 'dead'), asks(3, 'auto'), assigns(4, 'n3', 'retire')],
    },
    {
      when: 'it lives, and becomes a worker',
      entries: [...three, verdict(2, 'alive'), assigns(3, 'n3', 'demote')],
    },
    {
      when: 'they asked it to leave',
      entries: [
        ...[...three, commits(2, 'request', idOf('n3'), { nodeId: idOf('n3'), type: 'leave' })],
        ...[verdict(3, 'dead'), assigns(4, 'n3', 'retire')],
      ],
    },
  ],
});
