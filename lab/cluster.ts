import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ClusterShape, createToken, installAgent, startAgent } from './agent.ts';
import { changes, isWhole, type NodeView, nodesSeenFrom } from './cluster-watch.ts';
import { exists } from './host.ts';
import { LabError } from './lab-error.ts';
import { up } from './machine.ts';
import { machineFolder } from './machine-disk.ts';
import { firstMachines } from './machine-name.ts';
import { say, secondsSince } from './progress.ts';
import { kubernetesVersions } from './settings.ts';

const POLL_MS = 1_000;
const DEADLINE_MS = 300_000;
const SILENCE_MS = 10_000;

/**
 * Boots n1 … n<nodes>, runs the agent on each from one token, and returns when Kubernetes says that
 * all are Ready: the seconds that took, from power on where the machines were down.
 */
export async function cluster(shape: ClusterShape): Promise<number> {
  refuseUnbuilt(shape);
  const machines = firstMachines(shape.nodes);
  await refuseMembers(machines);
  const token = await createToken(shape);
  const startedMs = performance.now();
  await Promise.all(machines.map((name) => joinCluster(name, token, startedMs)));
  await waitUntilWhole(machines, shape, startedMs);
  return (performance.now() - startedMs) / 1000;
}

/** Returns when all nodes are Ready; prints each change, with seconds since `startedMs`. */
export async function waitUntilWhole(
  machines: readonly string[],
  wanted: Pick<ClusterShape, 'nodes' | 'controlPlanes'>,
  startedMs: number,
): Promise<void> {
  const deadlineAt = performance.now() + DEADLINE_MS;
  let seen: readonly NodeView[] = [];
  let spokenAt = performance.now();
  while (!isWhole(seen, wanted)) {
    if (performance.now() > deadlineAt) throw gaveUp(seen, wanted.nodes);
    await sleep(POLL_MS);
    const nodes = await nodesSeenFrom(machines);
    const news = changes(seen, nodes);
    const line = news.length > 0 ? news.join('; ') : `waiting for ${missing(nodes, wanted.nodes)}`;
    if (news.length > 0 || performance.now() - spokenAt > SILENCE_MS) {
      say(`${secondsSince(startedMs)}: ${line}`);
      spokenAt = performance.now();
    }
    if (nodes.length > 0) seen = nodes;
  }
}

async function joinCluster(name: string, token: string, startedMs: number): Promise<void> {
  await up([name]);
  await installAgent(name, token);
  await startAgent(name);
  say(`${secondsSince(startedMs)}: ${name} is up and its agent started`);
}

function refuseUnbuilt({ kubernetes }: ClusterShape): void {
  const versions: readonly string[] = kubernetesVersions;
  if (!versions.includes(kubernetes)) {
    throw new LabError(`Kubernetes ${kubernetes} is not built: choose ${versions.join(' or ')}`);
  }
}

async function refuseMembers(machines: readonly string[]): Promise<void> {
  const hasToken = await Promise.all(
    machines.map((name) => exists(join(machineFolder(name), 'upper/etc/civitas/token'))),
  );
  const members = machines.filter((_, index) => hasToken[index]).join(' ');
  if (members === '') return;
  throw new LabError(`an earlier cluster has ${members}: run \`lab wipe ${members}\` first`);
}

function missing(nodes: readonly NodeView[], wanted: number): string {
  if (nodes.length === 0) return 'an API server that answers';
  const ready = nodes.filter((node) => node.state === 'Ready').length;
  return `${wanted} Ready nodes, ${ready} so far`;
}

function gaveUp(nodes: readonly NodeView[], wanted: number): LabError {
  const lacking = missing(nodes, wanted);
  return new LabError(
    `gave up after ${DEADLINE_MS / 1000} s, waiting for ${lacking}: see \`lab logs n1\``,
  );
}
