import { describe, expect, jest, test } from '@jest/globals';
import type { HostPorts } from '../../../src/ports/index.ts';
import { id } from '../../support/controllers-entries.ts';
import {
  isOver,
  NEW,
  type UpkeepAgentOptions,
  type UpkeepBench,
  upkeepBench,
  workOn,
} from '../../support/upkeep-bench.ts';

jest.setTimeout(120_000);

const ONE_MINUTE_MS = 60_000;
/** Of no host of the bench. */
const NEWER = 'v1.34.5';
const PROGRAMS = ['kubeadm', 'kubelet', 'kubectl'];

async function prepare(
  upkeep: UpkeepBench,
  kubernetesVersion: string,
  options: UpkeepAgentOptions = {},
) {
  await upkeep.order(2, 'prepare', { kubernetesVersion });
  const agent = upkeep.agent(2, options);
  await agent.work(() => isOver(upkeep, 2), 5 * ONE_MINUTE_MS);
  return { work: workOn(upkeep, 2), acted: agent.acted };
}

function prepared({ store }: UpkeepBench) {
  return store.get('upkeep', id(2))?.value.prepared;
}

function commands({ bench }: UpkeepBench): readonly string[] {
  return bench.world.state.journal
    .filter(({ host, event }) => host === 'n2' && event === 'operation.started')
    .map(({ detail }) => detail.replace(/^.*kubeadm /, ''))
    .filter((line) => line.startsWith('config'));
}

/** A registry that gives nothing, or a runtime that says what it has. */
function runtimeWith(names: readonly string[]): (ports: HostPorts) => Partial<HostPorts> {
  return ({ releases }) => ({ releases: { ...releases, images: async () => names } });
}

describe('a preparation', () => {
  test('of a release whose programs and images are there pulls nothing', async () => {
    const upkeep = await upkeepBench(2, 1);
    const { work } = await prepare(upkeep, NEW);
    expect([work?.state, prepared(upkeep)]).toEqual(['done', [NEW]]);
    expect(commands(upkeep)).toEqual([`config images list --kubernetes-version=${NEW}`]);
  });

  test('waits for programs with a sentence, and goes on once somebody put them there', async () => {
    const upkeep = await upkeepBench(2, 1);
    const { work, acted } = await prepare(upkeep, NEWER);
    expect(work).toMatchObject({ state: 'under-way', waiting: { reason: 'release' } });
    expect(work?.waiting?.message).toContain(NEWER);
    expect(acted).toContain('obtain-release');

    const { files } = upkeep.bench.host(1).ports;
    for (const program of PROGRAMS) {
      const path = `/opt/civitas/kubernetes/${NEWER.slice(1)}/${program}`;
      await files.write(path, `${NEWER}/amd64/${program}`, 0o755);
    }
    const { work: afterwards } = await prepare(upkeep, NEWER);
    expect([afterwards?.state, prepared(upkeep)]).toEqual(['done', [NEWER]]);
  });

  test('pulls the images that the runtime lacks', async () => {
    const upkeep = await upkeepBench(2, 1);
    const names: string[] = [];
    const { releases } = upkeep.bench.host(1).ports;
    const pulled = await releases.images();
    const { work } = await prepare(upkeep, NEW, {
      alter: (ports) => ({
        ...runtimeWith(names)(ports),
        operations: {
          ...ports.operations,
          async start(name, argv, timeoutSeconds) {
            await ports.operations.start(name, argv, timeoutSeconds);
            if (argv.includes('pull')) names.push(...pulled);
          },
        },
      }),
    });
    expect([work?.state, commands(upkeep).length]).toEqual(['done', 2]);
  });

  test('names images that can not be had, and tries again, to get them from a bundle as well', async () => {
    const upkeep = await upkeepBench(2, 1);
    const { work, acted } = await prepare(upkeep, NEW, { alter: runtimeWith([]) });
    expect(work).toMatchObject({ state: 'under-way', waiting: { reason: 'images' } });
    expect(work?.waiting?.message).toContain('registry.k8s.io/etcd:3.6.5-0');
    expect(acted.filter((type) => type === 'forget-command').length).toBeGreaterThan(1);
    expect(acted.filter((type) => type === 'obtain-release').length).toBeGreaterThan(1);
    expect(prepared(upkeep)).toEqual([]);
  });
});
