import { CivitasError } from '../../src/errors.ts';
import type { OperationState } from '../../src/ports/operations.ts';
import type { ContractBench, ContractHost } from './contract-bench.ts';

const FOLDERS = ['/etc/kubernetes', '/etc/kubernetes/manifests', '/etc/kubernetes/pki'] as const;
/** Written by the contract itself, or by kubeadm only in some versions. */
const NOT_COMPARED = /^contract-|^tmp$|^super-admin\.conf$|^patches$/;

/** Before 1.34 kubeadm does not begin its last word with `error:`. */
const COMPLAINT = /^\[ERROR |^error: |^error execution phase |^no kind /;

/** What can be compared of a host between a simulated and a real machine: no ids, no times. */
export async function factsOf({ hosts }: ContractBench, { name, ports }: ContractHost) {
  const { files, etcd, kube, operations } = ports;
  const listings: Record<string, readonly string[]> = {};
  for (const folder of FOLDERS) {
    listings[folder] = (await files.list(folder)).filter((entry) => !NOT_COMPARED.test(entry));
  }
  const members = await outcome(() => etcd.members());
  const node = await outcome(() => kube.ownNode(name));
  return {
    ...listings,
    kubelet: (await files.read('/var/lib/kubelet/config.yaml')) !== undefined,
    apiServer: await kube.localApiServerReady(),
    etcd: Array.isArray(members)
      ? members
          .map(
            (member) =>
              `${member.name || nameAt(hosts, member.peerUrls)} ${member.learner ? 'learner' : 'voter'}`,
          )
          .sort()
      : members,
    node:
      typeof node === 'object'
        ? { ...node, uid: typeof node.uid, podCidr: typeof node.podCidr }
        : node,
    operations: (await operations.observe('init')).phase,
  };
}

/** A value, or the code of the error that stands in its place. */
export async function outcome<T>(call: () => Promise<T>): Promise<T | string> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof CivitasError) return error.code;
    throw error;
  }
}

/** What kubeadm complained about: its pre-flight findings and its last word. */
export function complaints(state: OperationState): readonly string[] {
  if (state.phase !== 'failed') return [state.phase];
  const lines = state.output.split('\n').map((line) => line.trim());
  return lines.filter((line) => COMPLAINT.test(line));
}

function nameAt(hosts: readonly ContractHost[], peerUrls: readonly string[]): string {
  const host = hosts.find(({ address }) => peerUrls.some((url) => url.includes(`//${address}:`)));
  return `(${host?.name})`;
}
