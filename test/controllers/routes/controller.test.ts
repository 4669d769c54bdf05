import { describe, expect, test } from '@jest/globals';
import { routes } from '../../../src/controllers/routes/controller.ts';
import { decide } from '../../../src/controllers/routes/decide.ts';
import type { PodNetwork, Route } from '../../../src/ports/pod-network.ts';
import { reconcile } from '../../../src/runtime/reconcile.ts';
import { SINGLETON } from '../../../src/state/kinds.ts';
import { id, node, spec, status } from '../../support/controllers-entries.ts';
import { createWorld, portsIn, type World } from '../../support/controllers-ports.ts';

/** A host on 10.0.0.0/24 whose kernel refuses a second route to one network. */
class FakePodNetwork implements PodNetwork {
  readonly routes = new Map<string, string>();
  #cniPodCidr: string | null = null;
  #masqueradeFor: string | null = null;

  async observe() {
    return {
      routes: [...this.routes].map(([podCidr, via]) => ({ podCidr, via })),
      cniPodCidr: this.#cniPodCidr,
      masqueradeFor: this.#masqueradeFor,
      linkNetworks: ['10.0.0.0/24'],
    };
  }
  async installCni(podCidr: string) {
    this.#cniPodCidr = podCidr;
  }
  async masquerade(podSubnet: string) {
    this.#masqueradeFor = podSubnet;
  }
  async addRoute({ podCidr, via }: Route) {
    if (this.routes.has(podCidr)) throw new Error(`RTNETLINK answers: File exists: ${podCidr}`);
    this.routes.set(podCidr, via);
  }
  async removeRoute({ podCidr }: Route) {
    this.routes.delete(podCidr);
  }
  async clear() {
    this.routes.clear();
  }
}

async function enrol({ store }: World, number: number, address = `10.0.0.${number}`) {
  const said = status(number);
  const kubernetes = { ...said.kubernetes, podCidr: `10.244.${number}.0/24` };
  await store.set('node', id(number), node(number, { addresses: [address] }));
  await store.set('status', id(number), { ...said, kubernetes });
}

async function threeNodes() {
  const world = createWorld();
  const podNetwork = new FakePodNetwork();
  await world.store.set('spec', SINGLETON, spec());
  for (const number of [1, 2, 3]) await enrol(world, number);
  return { world, podNetwork, ports: portsIn(world, { podNetwork }) };
}

describe('routes', () => {
  test('lead to every node, follow it to a new address, and then rest', async () => {
    const { world, podNetwork, ports } = await threeNodes();
    expect((await reconcile(routes, ports)).actionsDone).toBe(4);
    expect((await reconcile(routes, ports)).actionsDone).toBe(0);

    await enrol(world, 3, '10.0.0.33');
    expect((await reconcile(routes, ports)).actionsDone).toBe(2);
    expect([...podNetwork.routes]).toEqual([
      ['10.244.2.0/24', '10.0.0.2'],
      ['10.244.3.0/24', '10.0.0.33'],
    ]);
    expect((await reconcile(routes, ports)).actionsDone).toBe(0);
  });

  const afterRestartWithOldCopy = async (decideRoutes: typeof decide): Promise<number> => {
    const { world, podNetwork, ports } = await threeNodes();
    await reconcile(routes, ports);
    await world.store.remove('node', id(3));
    world.sinceLogFailoverMs = 0;
    await reconcile({ ...routes, decide: decideRoutes }, ports);
    return podNetwork.routes.size;
  };

  test('stay while the copy of the log is not settled', async () => {
    expect(await afterRestartWithOldCopy(decide)).toBe(2);
  });

  test('without that guard would be torn down by an old copy', async () => {
    expect(await afterRestartWithOldCopy((seen) => decide({ ...seen, settled: true }))).toBe(1);
  });
});
