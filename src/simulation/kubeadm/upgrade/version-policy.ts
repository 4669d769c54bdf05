import { minorOf } from '../../kubernetes-releases.ts';
import { KubeadmFailure } from '../failure.ts';

/** Versions that an upgrade has to bring together, `v1.34.4`. */
export interface UpgradeVersions {
  readonly target: string;
  /** Of the API server that answers. */
  readonly cluster: string;
  readonly kubeadm: string;
  readonly kubelets: readonly string[];
  readonly force: boolean;
}

const OLDEST_KUBELET = 3;

/** kubeadm's EnforceVersionPolicies: some errors are final, others `--force` passes over. */
export function enforceVersionPolicies(versions: UpgradeVersions): void {
  const mandatory = mandatoryErrors(versions);
  if (mandatory.length > 0) {
    throw new KubeadmFailure(
      `the version argument is invalid due to these fatal errors:\n\n${listed(mandatory)}\nPlease fix the misalignments highlighted above and try upgrading again`,
    );
  }
  const skippable = skippableErrors(versions);
  if (skippable.length === 0 || versions.force) return;
  throw new KubeadmFailure(
    `the version argument is invalid due to these errors:\n\n${listed(skippable)}\nCan be bypassed if you pass the --force flag`,
  );
}

function mandatoryErrors({ target, cluster, kubeadm }: UpgradeVersions): readonly string[] {
  const [wanted, current, own] = [target, cluster, kubeadm].map(minorOf) as [
    number,
    number,
    number,
  ];
  return [
    ...when(
      wanted > current + 1,
      `Specified version to upgrade to "${target}" is too high; kubeadm can upgrade only 1 minor version at a time`,
    ),
    ...when(
      wanted < current - 1,
      `Specified version to downgrade to "${target}" is too low; kubeadm can downgrade only 1 minor version at a time`,
    ),
    ...when(
      wanted > own,
      `Specified version to upgrade to "${target}" is at least one minor release higher than the kubeadm minor release (${wanted} > ${own}). Such an upgrade is not supported`,
    ),
  ];
}

function skippableErrors({ target, kubeadm, kubelets }: UpgradeVersions): readonly string[] {
  const [wanted, own] = [minorOf(target), minorOf(kubeadm)];
  const tooOld = kubelets.filter((version) => wanted > minorOf(version) + OLDEST_KUBELET);
  return [
    ...when(
      wanted === own && patchOf(target) > patchOf(kubeadm),
      `Specified version to upgrade to "${target}" is higher than the kubeadm version "${kubeadm}". Upgrade kubeadm first using the tool you used to install kubeadm`,
    ),
    ...when(
      own > wanted,
      `Kubeadm version ${kubeadm} can only be used to upgrade to Kubernetes version 1.${own}`,
    ),
    ...when(
      tooOld.length > 0,
      `There are kubelets in this cluster that are too old that have these versions [${tooOld.join(' ')}]`,
    ),
  ];
}

function patchOf(version: string): number {
  return Number(version.split('.')[2] ?? 0);
}

function listed(errors: readonly string[]): string {
  return errors.map((error) => `\t- ${error}\n`).join('');
}

function when(condition: boolean, text: string): readonly string[] {
  return condition ? [text] : [];
}
