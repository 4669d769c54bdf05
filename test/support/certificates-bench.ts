import { createCertificates } from '../../src/controllers/certificates/controller.ts';
import type { ServedLeaf } from '../../src/ports/certificates.ts';
import type { Ports } from '../../src/ports/index.ts';
import { expiryOf } from '../../src/simulation/pki.ts';
import type { ClockSight } from '../../src/state/clock-agreement.ts';
import { isDue } from '../../src/state/leaf-life.ts';
import type { Order } from '../../src/state/order.ts';
import { createMemoryDurable, type MemoryDurable } from '../formation/memory-durable.ts';
import { type Agent, type AgentOptions, controllerAgent } from './controller-agent.ts';
import { id } from './controllers-entries.ts';
import { type DepartureBench, departureBench } from './departure-bench.ts';

const DAY_MS = 86_400_000;
/** Two thirds of a year are over. */
const DUE_AFTER_MS = 250 * DAY_MS;
export const ORDER = 'renew-certificates-1';

/** Control planes whose leaves are due, and the agent of one of them. */
export interface CertificatesBench extends DepartureBench {
  readonly durable: MemoryDurable;
  order(number: number, overrides?: Partial<Order>): Promise<void>;
  certificatesAgent(number: number, options?: AgentOptions & Altered): Agent;
  /** How many API servers were ready at the worst moment since the bench was made. */
  fewestApiServers(): number;
}

interface Altered {
  readonly clocks?: readonly ClockSight[];
  readonly served?: readonly ServedLeaf[];
}

export async function certificatesBench(controlPlanes: number): Promise<CertificatesBench> {
  const bench = await departureBench(controlPlanes, controlPlanes);
  await bench.pass(DUE_AFTER_MS);
  const durable = createMemoryDurable();
  let fewest = controlPlanes;
  bench.bench.world.onRest(() => {
    const hosts = [...bench.bench.world.state.hosts.values()];
    const ready = hosts.filter(({ runtime }) => runtime?.apiServerReady === true).length;
    fewest = Math.min(fewest, ready);
  });
  return {
    ...bench,
    durable,
    async order(number, overrides = {}) {
      const order: Order = {
        nodeId: id(number),
        incarnation: 1,
        term: 1,
        operationId: ORDER,
        task: 'renew-certificates',
        planId: 'renew-1',
        kubernetesVersion: 'v1.34.4',
        first: false,
        drains: false,
        sponsor: null,
        ...overrides,
      };
      await bench.store.set('order', id(number), order);
    },
    certificatesAgent(number, { alter, clocks = [], served, ...options } = {}) {
      return controllerAgent(bench.bench, bench.store, {
        number,
        controller: createCertificates({ epoch: () => 1 }),
        ...options,
        alter: (host): Partial<Ports> => ({
          durable,
          observers: { reports: () => [], clocks: () => clocks, roundTripMs: () => undefined },
          ...(served && { certificates: { ...host.certificates, served: async () => served } }),
          ...alter?.(host),
        }),
      });
    },
    fewestApiServers: () => fewest,
  };
}

/** What became of the order. */
export function workOf({ store }: CertificatesBench, number: number) {
  return store.get('certificates', id(number))?.value.work;
}

export function isDecided(bench: CertificatesBench, number: number): boolean {
  const state = workOf(bench, number)?.state;
  const isClean = bench.durable.content('certificate-renewal') === null;
  return (state === 'done' || state === 'failed') && isClean;
}

/** What stands on the host and in its processes afterwards. */
export async function hostOf({ bench }: CertificatesBench, number: number) {
  const { ports, name } = bench.host(number - 1);
  const wallMs = bench.clock.wallMs();
  const host = bench.world.state.hosts.get(name);
  const inYearMs = wallMs + 200 * DAY_MS;
  return {
    due: (await ports.certificates.leaves())
      .filter((leaf) => isDue(leaf, wallMs))
      .map((leaf) => leaf.name),
    /** Components that run with a certificate that ends soon. */
    stale: [...(host?.runtime?.podCertificates ?? [])]
      .filter(([, pem]) => (expiryOf(pem) ?? inYearMs) < inYearMs)
      .map(([component]) => component),
    running: [...(host?.runtime?.pods ?? [])].toSorted(),
    apiServerReady: host?.runtime?.apiServerReady,
    backups: await ports.files.list('/etc/kubernetes/civitas-renewal'),
  };
}
