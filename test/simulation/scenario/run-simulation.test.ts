import { describe, expect, test } from '@jest/globals';
import { emptyMachines } from '../../../src/simulation/scenario/blueprint.ts';
import { totalMs } from '../../../src/simulation/scenario/outages.ts';
import { parsePlan, type TypedPlan } from '../../../src/simulation/scenario/plan.ts';
import { runSimulation } from '../../../src/simulation/scenario/run-simulation.ts';
import type { Simulation } from '../../../src/simulation/scenario/simulation.ts';
import { clusterSpecSchema } from '../../../src/state/cluster-spec.ts';

const THREE = ['n1', 'n2', 'n3'];
const TEN_MINUTES_MS = 600_000;
/** Each takes about a second of a processor that has nothing else to do. */
const DEADLINE_MS = 30_000;

function simulated(typed: Partial<TypedPlan>, nodes = 3): Promise<Simulation> {
  const spec = clusterSpecSchema.parse({ kubernetesVersion: 'v1.33.2' });
  const blueprint = emptyMachines(spec, { nodes, expectedNodes: nodes });
  const hostnames = blueprint.machines.map(({ hostname }) => hostname);
  const plan = parsePlan({ at: '1m', for: '10m', seed: '1', ...typed }, { hostnames, spec });
  return runSimulation(blueprint, plan);
}

function machinesOf({ nodes }: Simulation): readonly string[] {
  return nodes.map(({ hostname, role, machine }) => `${hostname} ${role} ${machine}`);
}

describe('three control planes', () => {
  test.each(THREE)(
    'go on without %s, which stays dead',
    async (killed) => {
      const simulation = await simulated({ kill: [killed] });
      const { verdict, apiOutages, logOutages, nodes, timeline } = simulation;
      expect(verdict.ending).toBe('degraded');
      expect(machinesOf(simulation)).toEqual(
        THREE.map((name) => `${name} control-plane ${name === killed ? 'lost' : 'running'}`),
      );
      expect(nodes.find(({ hostname }) => hostname === killed)?.liveness).toBe('dead');
      // An election of etcd, and one of the log.
      expect(totalMs(apiOutages)).toBeLessThan(10_000);
      expect(totalMs(logOutages)).toBeLessThan(15_000);
      const after = timeline.filter(({ atMs, host }) => atMs > 0 && host === killed);
      expect(after.map(({ text }) => text)).toEqual([
        'is killed, and its disk is gone (control-plane, replica of the log)',
        expect.stringMatching(/^is suspected: its lease was last renewed \d+ s ago; /),
        expect.stringMatching(/^is found dead: its lease was last renewed \d+ s ago; /),
        'is NotReady',
      ]);
    },
    DEADLINE_MS,
  );

  test(
    'are frozen while two of them are switched off',
    async () => {
      const { verdict, apiOutages, logOutages } = await simulated({ powerOff: ['n1@2m,n3'] });
      expect(verdict.ending).toBe('frozen');
      expect(verdict.cures).toEqual([
        'The log goes on once 1 more return: switch on n1 or n3.',
        'etcd goes on once 1 more return: switch on n1 or n3.',
      ]);
      const untilTheEnd = { fromMs: 120_000, toMs: TEN_MINUTES_MS };
      expect([apiOutages.at(-1), logOutages.at(-1)]).toEqual([untilTheEnd, untilTheEnd]);
    },
    DEADLINE_MS,
  );

  test(
    'are lost with the disks of two of them',
    async () => {
      const { verdict, nodes } = await simulated({ kill: ['n1,n2@2m'] });
      expect(verdict.ending).toBe('lost');
      // Nobody can write it into the log any more.
      const gone = nodes.map(({ phase, ready, liveness }) => [phase, ready, liveness]);
      expect(gone.slice(0, 2)).toEqual(Array(2).fill(['unknown', false, 'dead']));
    },
    DEADLINE_MS,
  );

  test(
    'serve on the side of a partition that has two of them',
    async () => {
      const simulation = await simulated({ partition: 'n2|n1,n3' });
      const { verdict, nodes, apiOutages } = simulation;
      expect(verdict.ending).toBe('degraded');
      expect(verdict.reasons).toContain('The network is still cut between n1 and n3 | n2.');
      expect(nodes.map(({ liveness }) => liveness)).toEqual(['alive', 'dead', 'alive']);
      expect(totalMs(apiOutages)).toBeLessThan(10_000);
    },
    DEADLINE_MS,
  );

  test(
    'are brought to the release that is asked for, by way of those between',
    async () => {
      const upgrade = { upgrade: 'v1.34.4,v1.35.1', for: '20m' };
      const { verdict, nodes, timeline } = await simulated(upgrade);
      expect(verdict).toMatchObject({ ending: 'whole', cures: [] });
      expect(nodes.map(({ kubeletVersion }) => kubeletVersion)).toEqual(Array(3).fill('v1.35.1'));
      const kubelets = timeline.filter(({ text }) => text.startsWith('upgrade-kubelet: done'));
      expect(kubelets.map(({ host }) => host).toSorted()).toEqual([
        'n1',
        'n1',
        'n2',
        'n2',
        'n3',
        'n3',
      ]);
      expect(timeline.at(-1)?.text).toMatch(/^upgrade-v1-35-1-\d+: done$/);
    },
    4 * DEADLINE_MS,
  );

  test(
    'end degraded when the time was too short for it, and say how far it is',
    async () => {
      const { verdict } = await simulated({ upgrade: 'v1.34.4', for: '3m' });
      expect(verdict.ending).toBe('degraded');
      expect(verdict.reasons.join(' ')).toMatch(
        /v1\.34\.4 is asked for, and not yet on n\d(?:, n\d)?(?: and n\d)?: upgrade-v1-34-4-\d+ is running, \d+ of \d+ steps/,
      );
    },
    DEADLINE_MS,
  );

  test(
    'fare the same with the same seed',
    async () => {
      const [first, second] = [
        await simulated({ kill: ['n2'] }),
        await simulated({ kill: ['n2'] }),
      ];
      expect(first).toEqual(second);
    },
    DEADLINE_MS,
  );
});

test(
  'too few machines found no cluster, and say what they wait for',
  async () => {
    const spec = clusterSpecSchema.parse({ kubernetesVersion: 'v1.34.4' });
    const blueprint = emptyMachines(spec, { nodes: 2, expectedNodes: 5 });
    const plan = { events: [], forMs: 60_000, seed: 1 };
    const { verdict, wholeAfterMs, nodes } = await runSimulation(blueprint, plan);
    expect({ wholeAfterMs, ending: verdict.ending, nodes: nodes.length }).toEqual({
      wholeAfterMs: null,
      ending: 'frozen',
      nodes: 2,
    });
    expect(verdict.reasons[0]).toMatch(/^No cluster was founded: Waiting for \d more of 5 nodes/);
  },
  DEADLINE_MS,
);
