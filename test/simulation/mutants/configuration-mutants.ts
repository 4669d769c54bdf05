import type { Ports } from '../../../src/ports/index.ts';
import { validSpec } from '../../../src/simulation/checker/safety/valid-spec.ts';
import { versionOrder } from '../../../src/simulation/checker/safety/version-order.ts';
import type { Fleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { editSpec, patchedKubeadm } from '../../support/fleet-orders.ts';
import { untilTidy } from '../../support/fleet-wait.ts';
import { type Mutant, ONE_MINUTE_MS } from './mutant.ts';

const FOUNDED_WITH = 'v1.34.4';
const OLDER = 'v1.33.0';
const RELEASE = /^kubernetesVersion: .*$/m;
const TAKEN_UP_MS = 5 * ONE_MINUTE_MS;

/** What people patch of kubeadm's documents, done wrong. */
export const configurationMutants: readonly Mutant[] = [
  {
    rule: validSpec,
    name: 'people tell kubeadm of another release than the cluster is to have',
    async script(fleet, isBroken) {
      await fleet.clock.advance(2 * ONE_MINUTE_MS);
      const clusterConfiguration = isBroken ? { kubernetesVersion: OLDER } : {};
      await editSpec(fleet, { kubeadm: patchedKubeadm({ clusterConfiguration }) });
    },
  },
  {
    rule: versionOrder,
    name: 'the release that a patch names goes to kubeadm',
    altered: () => ({ alterPorts: withOlderRelease }),
    script: takeUp,
  },
];

/** As if the patch named it, and what it names was as it should be. */
function withOlderRelease(ports: Ports): Ports {
  const { kube } = ports;
  return {
    ...ports,
    kube: {
      ...kube,
      async configMap(name) {
        const found = await kube.configMap(name);
        return found && { ...found, data: saying(FOUNDED_WITH, found.data) };
      },
      patchConfigMap: (name, data, revision) =>
        kube.patchConfigMap(name, saying(OLDER, data), revision),
    },
  };
}

function saying(release: string, data: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(data).map(([key, text]) => [
    key,
    text.replace(RELEASE, `kubernetesVersion: ${release}`),
  ]);
  return Object.fromEntries(entries);
}

async function takeUp(fleet: Fleet): Promise<void> {
  await untilWhole(fleet);
  await untilTidy(fleet);
  const extraArgs = [{ name: 'audit-log-maxage', value: '7' }];
  const clusterConfiguration = { apiServer: { extraArgs } };
  await editSpec(fleet, { kubeadm: patchedKubeadm({ clusterConfiguration }) });
  await fleet.clock.advance(TAKEN_UP_MS);
}
