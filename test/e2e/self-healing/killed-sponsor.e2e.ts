import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { kill, sh } from '../../../lab/machine.ts';
import { formedCluster } from '../support/formed-cluster.ts';
import { emptyRoom, kubeadmStarts } from '../support/machines.ts';
import { firstOf, machinesIn, wholeAfter } from '../support/until-whole.ts';

const machines = ['n1', 'n2', 'n3', 'n4', 'n5'];
const KILL_EVERY_MS = 1_500;

describe('agents that die again and again while a control plane is replaced', () => {
  beforeAll(async () => {
    await formedCluster({ nodes: 5, controlPlanes: 3, kubernetes: '1.34.4' });
  }, 600_000);
  afterAll(emptyRoom, 120_000);

  test('replace it all the same, and found nothing twice', async () => {
    const lost = firstOf(await machinesIn('control plane', machines));
    const left = machines.filter((name) => name !== lost);
    await kill([lost]);
    const killing = new AbortController();
    const killer = killInTurn(left, killing.signal);
    await new Promise((resolve) => setTimeout(resolve, 90_000));
    killing.abort();
    await killer;
    await wholeAfter(`power cut of ${lost} under kills`, { machines: left, controlPlanes: 3 });
    const inits = await Promise.all(left.map((machine) => kubeadmStarts(machine, 'init')));
    expect(inits.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(1);
  }, 500_000);
});

/** One agent after the other, so that every step of the replacement is hit in some run. */
async function killInTurn(names: readonly string[], signal: AbortSignal): Promise<void> {
  for (let turn = 0; !signal.aborted; turn++) {
    await new Promise((resolve) => setTimeout(resolve, KILL_EVERY_MS));
    const machine = names[turn % names.length] ?? '';
    await sh(machine, ['systemctl', 'kill', '--signal=KILL', 'civitas']);
  }
}
