import { paxosRules, type Rules } from '../../../../src/formation/genesis/rules.ts';
import { type Random, seededRandom } from '../seeded-random.ts';
import { type Cluster, createCluster } from './cluster.ts';
import { crashHost } from './host.ts';

const ACTIONS = 400;
const CALM_ROUNDS = 60;

export interface Walk {
  readonly seed: number;
  readonly nodes: number;
  readonly rules?: Rules;
  /** False: the driver does not look whether the log that it stopped had ever written. */
  readonly looksForWrites?: boolean;
}

export interface WalkResult {
  readonly violation: string | null;
  readonly lastEpoch: number;
  /** Whether some log accepts writes in the end, when all is calm. */
  readonly endsWriting: boolean;
}

/**
 * A random life from the moment all hold the record of epoch 1: log servers start and die, a log
 * comes up if all its replicas run at once, nodes crash, lose patience and found the next epoch.
 */
export function walk({ seed, nodes, rules = paxosRules, looksForWrites = true }: Walk): WalkResult {
  const random = seededRandom(seed);
  const nodeIds = Array.from({ length: nodes }, (_, node) => `n${node + 1}`);
  const replicas = [0, 1, 2].map(() => pick(random, nodeIds));
  const cluster = createCluster(nodeIds, { id: '1', epoch: 1, replicas }, rules);
  for (let action = 0; action < ACTIONS && !cluster.violation(); action += 1) {
    actAtRandom(cluster, random, looksForWrites);
  }
  for (let round = 0; round < CALM_ROUNDS && !cluster.someLogWrites(); round += 1) {
    actInTurn(cluster, looksForWrites);
  }
  return {
    violation: cluster.violation(),
    lastEpoch: cluster.lastEpoch(),
    endsWriting: cluster.someLogWrites(),
  };
}

function actAtRandom(cluster: Cluster, random: Random, looksForWrites: boolean) {
  const host = pick(random, cluster.hosts);
  const dice = random.fraction();
  if (dice < 0.5) return deliverOne(cluster, random);
  if (dice < 0.52) return crashHost(host);
  if (dice < 0.6) return cluster.useLogs((running) => random.shuffled(running));
  host.isUp = true;
  if (dice < 0.62) host.running = null;
  else if (dice < 0.72) cluster.startServers(host);
  else if (dice < 0.8) cluster.finishStop(host, looksForWrites);
  else if (dice < 0.88) cluster.giveUpOnLog(host);
  else cluster.look(host);
}

/** Any letter may come next; some come twice, some never. */
function deliverOne(cluster: Cluster, random: Random) {
  const { letters } = cluster;
  const letter = letters[random.between(0, letters.length - 1)];
  if (!letter) return;
  const fate = random.fraction();
  if (fate < 0.9) letters.splice(letters.indexOf(letter), 1);
  if (fate > 0.1) cluster.deliver(letter);
}

/** Nothing fails; the nodes give up only on a log that can not come up any more. */
function actInTurn(cluster: Cluster, looksForWrites: boolean) {
  for (const host of cluster.hosts) {
    host.isUp = true;
    cluster.finishStop(host, looksForWrites);
    cluster.startServers(host);
  }
  cluster.useLogs((running) => running);
  if (cluster.isCrippled()) for (const host of cluster.hosts) cluster.giveUpOnLog(host);
  for (const host of cluster.hosts) cluster.look(host);
  for (let letter = cluster.letters.shift(); letter; letter = cluster.letters.shift()) {
    cluster.deliver(letter);
  }
}

function pick<T>(random: Random, things: readonly T[]): T {
  return things[random.between(0, things.length - 1)] as T;
}
