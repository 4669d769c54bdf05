import type { Kube } from '../../ports/kube.ts';
import type { KubeTaint } from '../../ports/kube-objects.ts';
import { isSameTaint } from '../../state/same-taint.ts';
import { controllerManagerWorks } from '../api-access.ts';
import { labelNode } from '../node-labels.ts';
import type { SimulatedNode } from '../simulated-cluster.ts';
import type { WorldState } from '../world-state.ts';
import type { KubeAccess } from './kube-access.ts';

type KubeNodes = Pick<
  Kube,
  | 'deleteNode'
  | 'nodeMarks'
  | 'setUnschedulable'
  | 'setLabels'
  | 'addTaint'
  | 'removeTaint'
  | 'nodeLeases'
  | 'controllerManagerRenewedWallMs'
  | 'volumeAttachments'
>;

/** The controller manager sets it while a node is cordoned. */
const UNSCHEDULABLE: KubeTaint = {
  key: 'node.kubernetes.io/unschedulable',
  value: '',
  effect: 'NoSchedule',
};

/** The default of `--leader-elect-retry-period`. */
const RENEWS_EVERY_MS = 2_000;

/** What is written on Nodes. */
export function simulatedNodes(world: WorldState, { read, write }: KubeAccess): KubeNodes {
  const { clock } = world;

  function change(name: string, happened: string, apply: (node: SimulatedNode) => boolean) {
    write('change nodes', ({ nodes }) => {
      const node = nodes.get(name);
      return node && apply(node) ? { what: 'node', happened, detail: name } : undefined;
    });
  }

  return {
    async deleteNode(name, uid) {
      write('delete nodes', ({ nodes }) => {
        if (nodes.get(name)?.uid !== uid) return undefined;
        nodes.delete(name);
        return { what: 'node', happened: 'deleted', detail: name };
      });
    },

    async nodeMarks(name) {
      const node = read('read nodes').nodes.get(name);
      if (!node) return undefined;
      const { uid, unschedulable, taints, labels } = node;
      return {
        uid,
        unschedulable,
        labels,
        taints: unschedulable ? [...taints, UNSCHEDULABLE] : taints,
      };
    },

    async setUnschedulable(name, unschedulable) {
      change(name, unschedulable ? 'cordoned' : 'uncordoned', (node) => {
        const changed = node.unschedulable !== unschedulable;
        node.unschedulable = unschedulable;
        return changed;
      });
    },

    async setLabels(name, labels) {
      change(name, 'labelled', (node) => labelNode(node, labels));
    },

    async addTaint(name, taint) {
      change(name, 'tainted', (node) => {
        if (node.taints.some((other) => isSameTaint(other, taint) && other.value === taint.value)) {
          return false;
        }
        node.taints = [...node.taints.filter((other) => !isSameTaint(other, taint)), taint];
        return true;
      });
    },

    async removeTaint(name, taint) {
      change(name, 'untainted', (node) => {
        const left = node.taints.filter((other) => !isSameTaint(other, taint));
        const changed = left.length < node.taints.length;
        node.taints = left;
        return changed;
      });
    },

    async nodeLeases() {
      return [...read('list leases').nodes.values()].map(({ name, silentSinceWallMs }) => ({
        node: name,
        renewedWallMs: silentSinceWallMs ?? clock.wallMs(),
      }));
    },

    async controllerManagerRenewedWallMs() {
      const works = controllerManagerWorks(world, read('read leases'));
      return works ? Math.floor(clock.wallMs() / RENEWS_EVERY_MS) * RENEWS_EVERY_MS : undefined;
    },

    async volumeAttachments(name) {
      const attachments = [...read('list volume attachments').attachments.values()];
      return attachments
        .filter(({ node }) => node === name)
        .map((attachment) => ({
          name: attachment.name,
          volume: attachment.volume,
          attached: true,
        }));
    },
  };
}
