import { createClusterWatch } from '../trace/cluster-watch.ts';
import type { Recorder } from '../trace/recorder.ts';
import type { World } from '../world.ts';
import type { Logs } from './logs.ts';
import type { Machine } from './machine.ts';
import type { SimulatedLog } from './simulated-log.ts';

interface Told {
  readonly world: World;
  readonly logs: Logs;
  readonly recorder: Recorder;
  readonly machines: readonly Machine[];
}

/** Events that may change which hosts the replicas of a log reach. */
const REACH = /^(power|network|disk)\./;

/** Writes down everything that happens on the hosts, and lets the logs look whom they reach. */
export function tellWorld({ world, logs, recorder, machines }: Told): void {
  const lookAtClusters = createClusterWatch(world.state, recorder);
  world.onChange(({ host, event, detail }) => {
    recorder.note(host, { type: 'world', event, detail });
    lookAtClusters();
    if (event === 'pod.evicted') recorder.note(host, evictionIn(world, host, detail));
    if (!REACH.test(event)) return;
    for (const log of logs.all()) {
      log.weigh();
      tellServing(log, recorder, machines);
    }
  });
  world.onRest(lookAtClusters);
}

/** `detail`: the pod, its node, and what its budget allowed. */
function evictionIn({ state }: World, host: string, detail: string) {
  const [pod = '', node = '', allowed = ''] = detail.split(' ');
  const cluster = state.hosts.get(host)?.runtime?.etcd?.clusterId ?? '';
  const disruptionsAllowed = allowed === 'null' ? null : Number(allowed);
  return { type: 'pod.evicted', cluster, node, pod, disruptionsAllowed } as const;
}

/** Writes down each change of a log at the moment its replicas agree on it. */
export function tellCommits(
  { name, memory }: SimulatedLog,
  recorder: Recorder,
  hostOf: (nodeId: string | undefined) => string,
): void {
  memory.entries.onCommitted((record, writer) => {
    recorder.noteCommitted(name, record, writer, hostOf(writer));
  });
}

/** Writes down which servers a log consists of, and which of them have a say in what is in it. */
export function tellReplicas({ name, group }: SimulatedLog, recorder: Recorder): void {
  const members = group.all.filter(({ member }) => member).map(({ serverName }) => serverName);
  const voters = group.voters().map(({ serverName }) => serverName);
  recorder.note('*', { type: 'log.replicas', log: name, members, voters });
}

/** Writes down whether a log works, and for whom. */
export function tellServing(
  log: SimulatedLog,
  recorder: Recorder,
  machines: readonly Machine[],
): void {
  const reachedFrom = machines
    .map(({ hostname }) => hostname)
    .filter((hostname) => log.serves(hostname));
  const works = log.leader() !== undefined;
  recorder.note('*', { type: 'log.quorum', log: log.name, works, reachedFrom });
}
