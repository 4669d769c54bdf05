import { describe, expect, jest, test } from '@jest/globals';
import { decide } from '../../../src/controllers/kubeadm/decide.ts';
import type { Observed } from '../../../src/controllers/kubeadm/observed.ts';
import { createSeededRandom } from '../../../src/simulation/seeded-random.ts';
import type { Task } from '../../../src/state/assignment.ts';
import { started, tokensOf } from '../../support/kubeadm-cluster.ts';
import { type Alter, createKubeadmNodes, type Death } from '../../support/kubeadm-nodes.ts';
import { witnessRoleChanges } from '../../support/role-change-witness.ts';
import {
  ask,
  hostOf,
  membersOf,
  podOn,
  seeToDeparture,
  serveWithPods,
  stopAll,
  untilThere,
} from '../../support/role-changes.ts';

/** Much virtual time, on a machine that may have other things to do. */
jest.setTimeout(300_000);

const WAIT_MS = 30_000;
const ONE_MINUTE_MS = 60_000;

interface Run {
  readonly seed: number;
  readonly number: number;
  readonly task: Task;
  /** Agents die at this one of the actions from the request on, before or after it took effect. */
  readonly at?: { readonly action: number; readonly moment: 'before' | 'after' };
  /** Agents die at random. */
  readonly rate?: number;
  readonly alter?: Alter;
}

/** Four hosts, three of them control planes, of which one is asked for another role. */
async function changeRole({ seed, number, task, at, rate = 0, alter }: Run) {
  const random = createSeededRandom(seed ^ 0x5eed);
  let counted = -1;
  const death: Death = () => {
    if (counted < 0) return undefined;
    counted += 1;
    if (counted === at?.action) return at.moment;
    const draw = random.number();
    if (draw >= rate) return undefined;
    return draw < rate / 2 ? 'before' : 'after';
  };
  const cluster = createKubeadmNodes(seed, death, alter);
  const isPromotion = task === 'promote';
  await serveWithPods(cluster, 4, isPromotion ? 2 : 3);
  const broken = witnessRoleChanges(cluster);
  const pod = await podOn(cluster, number);
  counted = 0;
  await ask(cluster, number, task);
  if (!isPromotion) {
    await cluster.clock.advance(WAIT_MS);
    await seeToDeparture(cluster, number);
  }
  await untilThere(cluster, number);
  const actions = counted;
  counted = -1;
  await cluster.clock.advance(ONE_MINUTE_MS);
  const end = {
    members: membersOf(cluster),
    host: await hostOf(cluster, number),
    samePod: JSON.stringify(pod) === JSON.stringify(await podOn(cluster, number)),
    resets: started(cluster, 'kubeadm reset').length,
    tokens: tokensOf(cluster),
    handovers: cluster.log.list('handover'),
    broken: [...broken],
  };
  await stopAll(cluster);
  return { end, actions };
}

const CHANGES = [
  { task: 'promote', number: 3 },
  { task: 'demote', number: 3 },
  { task: 'retire', number: 3 },
] as const;

describe('an agent that dies while its host changes its role', () => {
  test.each(CHANGES)(
    'at any action of one, before or after it took effect, comes to the same end: $task',
    async ({ task, number }) => {
      const calm = await changeRole({ seed: 1, number, task });
      const failures: unknown[] = [];
      for (let action = 1; action <= calm.actions; action += 1) {
        for (const moment of ['before', 'after'] as const) {
          const { end } = await changeRole({ seed: 1, number, task, at: { action, moment } });
          if (JSON.stringify(end) !== JSON.stringify(calm.end))
            failures.push({ action, moment, end });
        }
      }
      expect(calm.end).toMatchObject({ broken: [], tokens: [], resets: task === 'retire' ? 1 : 0 });
      expect(failures).toEqual([]);
      expect(calm.actions).toBeGreaterThan(6);
    },
  );

  test.each(CHANGES)('again and again comes to the same end: $task', async ({ task, number }) => {
    const calm = await changeRole({ seed: 2, number, task });
    for (const seed of [3, 4, 5]) {
      const { end } = await changeRole({ seed, number, task, rate: 0.3 });
      expect({ ...end, seed }).toEqual({ ...calm.end, seed });
    }
  });
});

/** A controller that believes what is not so. */
function believing(change: (observed: Observed) => Partial<Observed>): Alter {
  return (kubeadm) => ({
    ...kubeadm,
    decide: (observed) => decide({ ...observed, ...change(observed) }),
  });
}

describe('a broken agent is found out', () => {
  test.each<{
    readonly how: string;
    readonly task: Task;
    readonly alter: Alter;
    readonly by: string;
  }>([
    {
      how: 'it does not wait until the cluster let go of a control plane',
      task: 'demote',
      alter: believing(({ roleChange }) =>
        roleChange
          ? { roleChange: { ...roleChange, departure: { ...roleChange.departure, isDone: true } } }
          : {},
      ),
      by: 'n3: touched before its departure was done',
    },
    {
      how: 'it does not wait until the cluster let go of a node',
      task: 'retire',
      alter: believing(({ roleChange }) =>
        roleChange
          ? { roleChange: { ...roleChange, departure: { ...roleChange.departure, isDone: true } } }
          : {},
      ),
      by: 'n3: touched before its departure was done',
    },
    {
      how: 'it does not wait until the static pods ended',
      task: 'demote',
      alter: believing(({ roleChange }) =>
        roleChange ? { roleChange: { ...roleChange, processes: [] } } : {},
      ),
      by: 'n3: its kubelet was restarted before its static pods ended',
    },
  ])('$how', async ({ task, alter, by }) => {
    const { end } = await changeRole({ seed: 1, number: 3, task, alter });
    expect(end.broken).toContain(by);
  });
});
