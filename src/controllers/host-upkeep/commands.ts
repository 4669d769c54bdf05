import { UPGRADE_FOLDER } from '../../state/kubernetes-paths.ts';
import { parseKubernetesVersion } from '../../state/kubernetes-version.ts';
import type { Order } from '../../state/order.ts';

export type Argv = readonly [string, ...string[]];

/** Above all that kubeadm waits for by itself: five minutes for each of four static pods. */
export const COMMAND_TIMEOUT_SECONDS = 1_800;

const ENV = '/usr/bin/env';

/** Names are limited to 63 characters; what tells two operations apart stands at the end. */
const OPERATION_ID_CHARACTERS = 50;
const WARM_OPERATION_CHARACTERS = 36;

/** Every attempt has its own name, so that what is left of one is never taken for the next. */
export function commandName(operationId: string, failures: number): string {
  return `upkeep-${failures + 1}-${operationId.slice(-OPERATION_ID_CHARACTERS)}`;
}

/** Names of the units that list the images of a release, and pull them. */
export interface ImageUnits {
  readonly list: string;
  readonly pull: string;
}

/** For an order. */
export function imageUnits(operationId: string): ImageUnits {
  const operation = operationId.slice(-OPERATION_ID_CHARACTERS);
  return { list: `images-${operation}`, pull: `pull-${operation}` };
}

/** For a node that stands by; each release has its own, as what one listed is of no use for another. */
export function warmUnits(operationId: string, kubernetesVersion: string): ImageUnits {
  const release = kubernetesVersion.slice(1).replaceAll('.', '-');
  const operation = operationId.slice(-WARM_OPERATION_CHARACTERS);
  return {
    list: `warm-list-${release}-${operation}`,
    pull: `warm-pull-${release}-${operation}`,
  };
}

/** `certificates` sees to them when they are due, and puts them where a power cut does not take them. */
const NO_RENEWAL = '--certificate-renewal=false';
/**
 * kubeadm makes manifests and kubelet configuration anew from its ConfigMaps, and swaps what differs.
 * Add-ons that people changed stay as they are; kubeadm knows that phase since 1.32.
 */
const ONLY_CONFIGURATION = '--skip-phases=addon';
const FIRST_MINOR_WITH_ADDONS = 32;

interface UpgradeQuestion {
  readonly order: Pick<Order, 'task' | 'first' | 'kubernetesVersion'>;
  /** Of the release that the order names. */
  readonly kubeadm: string;
  readonly isControlPlane: boolean;
  readonly ignorePreflightErrors: readonly string[];
  /** etcd runs as the release wants it: kubeadm need not copy its data to find that out. */
  readonly etcdIsDone?: boolean;
  /** Nothing but the configuration of the kubelet is to be taken up. */
  readonly isOfKubelet?: boolean;
}

/** What kubeadm itself does of the order; it may be run again and again. */
export function upgradeCommand(question: UpgradeQuestion): Argv {
  const { order, kubeadm, isControlPlane, ignorePreflightErrors: ignored } = question;
  const flags = [
    NO_RENEWAL,
    ...(ignored.length > 0 ? [`--ignore-preflight-errors=${ignored.join(',')}`] : []),
    ...(question.etcdIsDone ? ['--etcd-upgrade=false'] : []),
  ];
  const isOfKubelet = order.task === 'upgrade-kubelet' || question.isOfKubelet === true;
  if (isOfKubelet && isControlPlane) {
    return [kubeadm, 'upgrade', 'node', 'phase', 'kubelet-config'];
  }
  if (order.task === 'upgrade-control-plane' && order.first) {
    return [kubeadm, 'upgrade', 'apply', order.kubernetesVersion, '--yes', ...flags];
  }
  return [kubeadm, 'upgrade', 'node', ...onlyConfiguration(order), ...flags];
}

function onlyConfiguration({ task, kubernetesVersion }: UpgradeQuestion['order']) {
  const { minor = 0 } = parseKubernetesVersion(kubernetesVersion) ?? {};
  const knowsAddons = minor >= FIRST_MINOR_WITH_ADDONS;
  return task === 'reconfigure' && knowsAddons ? [ONLY_CONFIGURATION] : [];
}

const RENDERS = [0, 1, 2];

/** Steps of kubeadm before the static pods are swapped, in the order of `renderCommands`. */
export function renderNames(operationId: string): readonly string[] {
  const operation = operationId.slice(-OPERATION_ID_CHARACTERS);
  return RENDERS.map((index) => `render-${index}-${operation}`);
}

/** Configuration of the release for this host; what it gives is what `kubeadm upgrade` would write. */
export const RENDER_CONFIG_FILE = `${UPGRADE_FOLDER}/kubeadm.yaml`;

/**
 * What kubeadm checks before an upgrade, and the manifests of the release, which it leaves in a folder of
 * ours by a variable of its own for dry runs. `phase` of these commands is known since 1.32.
 */
export function renderCommands(question: UpgradeQuestion): readonly Argv[] {
  const { order, kubeadm, ignorePreflightErrors: ignored } = question;
  const flags = ignored.length > 0 ? [`--ignore-preflight-errors=${ignored.join(',')}`] : [];
  const folder = `KUBEADM_INIT_DRYRUN_DIR=${UPGRADE_FOLDER}`;
  const render = [ENV, folder, kubeadm, 'init', 'phase'] as const;
  const config = ['--config', RENDER_CONFIG_FILE, '--dry-run'];
  const isApplied = order.task === 'upgrade-control-plane' && order.first;
  return [
    isApplied
      ? [
          kubeadm,
          'upgrade',
          'apply',
          'phase',
          'preflight',
          order.kubernetesVersion,
          '--yes',
          ...flags,
        ]
      : [kubeadm, 'upgrade', 'node', 'phase', 'preflight', ...flags],
    [...render, 'control-plane', 'all', ...config],
    [...render, 'etcd', 'local', ...config],
  ];
}

interface ImageQuestion {
  readonly kubeadm: string;
  readonly kubernetesVersion: string;
  /** Where the spec says that images come from; undefined: from kubeadm's own place. */
  readonly imageRepository: string | undefined;
}

export function imageListCommand(question: ImageQuestion): Argv {
  return imageCommand('list', question);
}

export function imagePullCommand(question: ImageQuestion): Argv {
  return imageCommand('pull', question);
}

function imageCommand(verb: 'list' | 'pull', question: ImageQuestion): Argv {
  const { kubeadm, kubernetesVersion, imageRepository } = question;
  const from = imageRepository === undefined ? [] : [`--image-repository=${imageRepository}`];
  return [kubeadm, 'config', 'images', verb, `--kubernetes-version=${kubernetesVersion}`, ...from];
}

/** Names in what `kubeadm config images list` wrote, among its warnings. */
export function imagesIn(output: string): readonly string[] {
  const lines = output.split('\n').map((line) => line.trim());
  return lines.filter((line) => /^[a-z0-9.:-]+\/[^\s:]+:[^\s:]+$/.test(line));
}
