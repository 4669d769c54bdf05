import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadbalancer } from '../../../src/controllers/loadbalancer/controller.ts';
import { decide } from '../../../src/controllers/loadbalancer/decide.ts';
import type { Balancer, BalancerServer } from '../../../src/ports/balancer.ts';
import { reconcile } from '../../../src/runtime/reconcile.ts';
import {
  assignment,
  controlPlaneAssignment,
  id,
  node,
  served,
} from '../../support/controllers-entries.ts';
import { createWorld, portsIn, type World } from '../../support/controllers-ports.ts';

/** HAProxy as civitas sees it; a restart starts from the file. */
class FakeBalancer implements Balancer {
  #running = new Map<string, BalancerServer>();
  #file: readonly BalancerServer[] = [];
  #runs = false;

  names(): readonly string[] {
    return [...this.#running.keys()].sort();
  }
  crash(): void {
    this.#runs = false;
    this.#running = new Map();
  }
  async observe() {
    const servers = [...this.#running.values()].map((server) => ({ ...server, up: true }));
    return { running: this.#runs, servers, fileServers: this.#file };
  }
  async install(servers: readonly BalancerServer[]) {
    this.#runs = true;
    this.#running = new Map(servers.map((server) => [server.name, server]));
    this.#file = servers;
  }
  async addServer(server: BalancerServer) {
    if (this.#running.has(server.name)) throw new Error(`${server.name} already exists`);
    this.#running.set(server.name, server);
  }
  async removeServer(name: string) {
    this.#running.delete(name);
  }
  async writeFile(servers: readonly BalancerServer[]) {
    this.#file = servers;
  }
}

type Decide = typeof decide;
/** What the copy of the log holds at one moment, and whether it is settled. */
interface Moment {
  readonly controlPlanes: readonly number[];
  readonly settled: boolean;
  readonly crash: boolean;
}

const moments = fc.array(
  fc.record({
    controlPlanes: fc.subarray([2, 3, 4]),
    settled: fc.boolean(),
    crash: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);

/** n1 … n4, the given ones as control planes that serve; an unsettled copy lacks the others' roles. */
async function worldAt({ controlPlanes, settled }: Moment): Promise<World> {
  const world = createWorld();
  world.sinceLogFailoverMs = settled ? 60_000 : 0;
  for (const number of [1, 2, 3, 4]) {
    await world.store.set('node', id(number), node(number));
    const asked = controlPlanes.includes(number)
      ? controlPlaneAssignment(number)
      : assignment(number);
    if (!settled && asked.role === 'worker') continue;
    await world.store.set('assignment', id(number), asked);
    await world.store.set('status', id(number), served(asked));
  }
  return world;
}

/** Servers lost to a copy that was not settled, balancers cut off, and passes that never rest. */
async function trouble(story: readonly Moment[], decideServers: Decide = decide) {
  const balancer = new FakeBalancer();
  const controller = { ...loadbalancer, decide: decideServers };
  const broken: string[] = [];
  for (const moment of story) {
    const ports = portsIn(await worldAt(moment), { balancer });
    const before = balancer.names();
    if (moment.crash) balancer.crash();
    await reconcile(controller, ports);

    const after = balancer.names();
    const keeps = before.every((name) => after.includes(name));
    if (!moment.settled && !keeps) broken.push('lost a server to a copy that is not settled');
    if (before.length > 0 && after.length === 0) broken.push('lost the last server');
    if ((await reconcile(controller, ports)).actionsDone > 0) broken.push('does not rest');
  }
  return broken;
}

describe('loadbalancer', () => {
  test('keeps what it has until the log surely says otherwise, and then rests', async () => {
    await fc.assert(
      fc.asyncProperty(moments, async (story) => {
        expect(await trouble(story)).toEqual([]);
      }),
    );
  });

  test('would lose servers to an old copy without that guard', async () => {
    const hasty: Decide = (observed) => decide({ ...observed, settled: true });
    const property = fc.asyncProperty(moments, async (story) => {
      return (await trouble(story, hasty)).length === 0;
    });
    expect((await fc.check(property, { seed: 7 })).failed).toBe(true);
  });

  test('has this node’s own API server before kubeadm init needs it', async () => {
    const world = createWorld();
    const balancer = new FakeBalancer();
    await world.store.set('node', id(1), node(1));
    await world.store.set('assignment', id(1), controlPlaneAssignment(1));
    await reconcile(loadbalancer, portsIn(world, { balancer }));
    expect(await balancer.observe()).toEqual({
      running: true,
      servers: [{ name: id(1), address: '10.0.0.1', port: 6_443, preferred: true, up: true }],
      fileServers: [{ name: id(1), address: '10.0.0.1', port: 6_443, preferred: true }],
    });
  });
});
