import { expect, test } from '@jest/globals';
import { createKubeadmController } from '../../../src/controllers/kubeadm/controller.ts';
import { reconcile } from '../../../src/runtime/reconcile.ts';
import { CLUSTER_ID, createKubeadmNodes, writeSpec } from '../../support/kubeadm-nodes.ts';
import { assignmentFor } from './observations.ts';

async function standByIn(term: number, epochs: readonly number[]) {
  const { log, addNode, clock } = createKubeadmNodes(1);
  const { ports } = await addNode();
  await writeSpec(log);
  await log.put('assignment', 'aaaaaaaaaaa', { ...assignmentFor('stand-by'), term: 9 }, 0);
  const phases: (string | undefined)[] = [];
  for (const [index, epoch] of epochs.entries()) {
    if (index === 1) {
      const revision = log.get('assignment', 'aaaaaaaaaaa')?.revision ?? 0;
      await log.put('assignment', 'aaaaaaaaaaa', { ...assignmentFor('stand-by'), term }, revision);
    }
    const controller = createKubeadmController({ clusterId: CLUSTER_ID, epoch: () => epoch });
    await clock.advance(100);
    for (let pass = 0; pass < 3; pass += 1) await clock.drive(reconcile(controller, ports));
    phases.push(log.get('status', 'aaaaaaaaaaa')?.value.phase);
  }
  return phases;
}

test.each([
  { what: 'the same term again', term: 9, epochs: [1, 1], phase: 'spare' },
  { what: 'a lower term of the same log', term: 8, epochs: [1, 1], phase: 'waiting' },
  { what: 'any term of a log that was founded anew', term: 1, epochs: [1, 2], phase: 'spare' },
  { what: 'no term of a former log', term: 99, epochs: [2, 1], phase: 'waiting' },
])(
  'a host that obeyed term 9 is $phase when assigned in $what',
  async ({ term, epochs, phase }) => {
    expect(await standByIn(term, epochs)).toEqual(['spare', phase]);
  },
);
