import type { AgentOptions } from '../../support/controller-agent.ts';
import { id } from '../../support/controllers-entries.ts';
import {
  type DepartureBench,
  departureBench,
  factsOf,
  isDone,
} from '../../support/departure-bench.ts';

const TEN_MINUTES_MS = 600_000;
const KUBERNETES_NOTICES_MS = 70_000;
const WEB = { kind: 'Deployment', name: 'web', replicas: 3 } as const;

interface Departure {
  readonly what: string;
  readonly number: number;
  readonly task: 'demote' | 'retire';
  readonly begin: (bench: DepartureBench) => Promise<void>;
}

const DEPARTURES: readonly Departure[] = [
  { what: 'a dead control plane', number: 3, task: 'retire', begin: killThird },
  {
    what: 'a control plane that leads etcd becomes a worker',
    number: 3,
    task: 'demote',
    begin: leadByThird,
  },
  {
    what: 'a living control plane that leads etcd leaves',
    number: 3,
    task: 'retire',
    begin: leadByThird,
  },
  { what: 'a living worker with pods leaves', number: 5, task: 'retire', begin: serveWeb },
];

/** Each departure, with a sponsor that dies where it is told to and another one that goes on. */
export function createSweep() {
  return DEPARTURES.map((departure) => ({
    what: departure.what,
    run: (dies: AgentOptions['dies']) => run(departure, dies),
  }));
}

async function run({ number, task, begin }: Departure, dies: AgentOptions['dies']) {
  const bench = await departureBench(5, 3);
  await begin(bench);
  await bench.ask(number, task, 1);
  const first = bench.agent(1, dies ? { dies } : {});
  const over = () => isDone(bench, number);
  const errors = [...(await first.work(over, TEN_MINUTES_MS))];
  if (first.isDead()) {
    await bench.ask(number, task, 2);
    errors.push(...(await bench.agent(2).work(over, TEN_MINUTES_MS)));
  }
  await bench.pass(60_000);
  return {
    actions: first.acted.length,
    errors: errors.filter((code) => code !== 'test.killed'),
    done: over() && bench.store.get('departure', id(number))?.value.waiting === null,
    facts: factsOf(bench),
  };
}

async function killThird(bench: DepartureBench): Promise<void> {
  bench.bench.world.powerOff('n3');
  await bench.pass(KUBERNETES_NOTICES_MS);
  await bench.judge(3, 'dead');
}

async function leadByThird(bench: DepartureBench): Promise<void> {
  const { etcd } = bench.bench.host(0).ports;
  const third = bench.cluster.etcd.members.find(({ name }) => name === 'n3');
  await bench.bench.drive(etcd.moveLeader(third?.id ?? ''));
  await bench.pass(10_000);
}

async function serveWeb(bench: DepartureBench): Promise<void> {
  bench.bench.world.applyWorkload('n1', WEB);
  const selector = { matchLabels: { app: 'web' }, matchExpressions: [] };
  const budget = { namespace: 'default', name: 'web', selector, minAvailable: 2 };
  bench.bench.world.applyBudget('n1', budget);
  await bench.pass(20_000);
}
