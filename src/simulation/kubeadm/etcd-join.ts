import { answeringEtcd, silentVoters } from '../etcd-cluster.ts';
import { addLearner, promoteMember } from '../etcd-membership.ts';
import { randomHex } from '../seeded-random.ts';
import type { SimulatedCluster, SimulatedMember } from '../simulated-cluster.ts';
import { PHASE_TIMINGS, POLL } from '../timings.ts';
import { record } from '../world-state.ts';
import { adminApi, timeoutsOf } from './api-calls.ts';
import { timeoutMs } from './configuration.ts';
import { KubeadmFailure } from './failure.ts';
import { peerUrlOf, writeEtcdManifest } from './manifests.ts';
import { type KubeadmRun, poll, say, work } from './run.ts';

const JOIN_FAILED = 'error creating local etcd static pod manifest file';

/** `join phase check-etcd`: dials every voter there is, also those long dead. */
export async function checkEtcd(run: KubeadmRun): Promise<void> {
  say(run, '[check-etcd] Checking that the etcd cluster is healthy');
  const cluster = await adminApi(run, 'could not retrieve the list of etcd endpoints');
  const healthy = () => silentVoters(run.world, cluster, run.host).length === 0;
  if (await poll(run, etcdLimits(run), healthy)) return;
  throw new KubeadmFailure('etcd cluster is not healthy: context deadline exceeded');
}

/**
 * `join phase etcd-join` (before 1.33 `control-plane-join/etcd`): announces a learner, starts it and
 * makes it a voter. A kubeadm that ends in between leaves the learner behind, and its manifest.
 */
export async function joinEtcd(run: KubeadmRun): Promise<void> {
  const cluster = await adminApi(run, "couldn't create Kubernetes client");
  const member = await announce(run, cluster);
  say(run, '[etcd] Announced new etcd member joining to the existing etcd cluster');
  await work(run, PHASE_TIMINGS.manifestMs);
  writeEtcdManifest(
    run,
    cluster.etcd.members.filter((other) => other !== member),
  );
  await promote(run, cluster, member);
}

async function announce(run: KubeadmRun, cluster: SimulatedCluster): Promise<SimulatedMember> {
  const id = randomHex(run.world.random, 16);
  let refusal = 'context deadline exceeded';
  let added: SimulatedMember | undefined;
  await poll(run, etcdLimits(run), () => {
    const host = answeringEtcd(run.world, cluster, run.host);
    if (!host) return false;
    const change = addLearner({ world: run.world, cluster, host }, id, peerUrlOf(run));
    if (change.outcome === 'refused') refusal = change.text;
    else added = change.member;
    return added !== undefined;
  });
  if (!added) throw new KubeadmFailure(`${JOIN_FAILED}: ${refusal}`);
  record(run.world, run.host.name, 'member.added', added.id);
  return added;
}

async function promote(run: KubeadmRun, cluster: SimulatedCluster, member: SimulatedMember) {
  const started = await poll(run, etcdLimits(run), () => member.name !== '');
  if (!started)
    throw new KubeadmFailure(`${JOIN_FAILED}: the etcd member ${member.id} is not started`);
  if (await poll(run, etcdLimits(run), () => tryPromote(run, cluster, member))) return;
  throw new KubeadmFailure(
    `${JOIN_FAILED}: etcdserver: can only promote a learner member which is in sync with leader`,
  );
}

function tryPromote(
  { world, host }: KubeadmRun,
  cluster: SimulatedCluster,
  member: SimulatedMember,
) {
  if (!member.learner) return true;
  const etcd = answeringEtcd(world, cluster, host);
  if (!etcd) return false;
  const change = promoteMember({ world, cluster, host: etcd }, member.id);
  if (change.outcome === 'refused') return false;
  record(world, host.name, 'member.promoted', member.id);
  return true;
}

function etcdLimits(run: KubeadmRun) {
  return { everyMs: POLL.etcdCallMs, timeoutMs: timeoutMs(timeoutsOf(run).etcdAPICall) };
}
