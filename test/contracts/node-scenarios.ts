import { buildCluster, until } from './cluster-by-hand.ts';
import { at, type HostScenario } from './host-scenario.ts';

const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';
const SOFT = { key: 'civitas.dev/contract', value: 'soon', effect: 'PreferNoSchedule' } as const;

/** What is written on nodes and in ConfigMaps. */
export const NODE_SCENARIOS: readonly HostScenario[] = [
  {
    title: 'marks of a node are as they were last set, and a control plane has its own',
    hosts: 1,
    observe: async (bench) => {
      await buildCluster(bench, 1);
      const { kube } = at(bench, 0).ports;
      const marks = async () => {
        const found = await kube.nodeMarks('n1');
        return {
          unschedulable: found?.unschedulable,
          taints: found?.taints
            .map(({ key, value, effect }) => `${key}=${value}:${effect}`)
            .toSorted(),
          role: found?.labels[CONTROL_PLANE],
          ours: found?.labels['civitas.dev/contract'],
        };
      };
      const marksOf = (taints: number) =>
        until(bench, async () => {
          const found = await marks();
          return found.taints?.length === taints ? found : undefined;
        });
      const before = await marksOf(1);
      await kube.setUnschedulable('n1', true);
      await kube.addTaint('n1', { ...SOFT, value: 'first' });
      await kube.addTaint('n1', SOFT);
      await kube.setLabels('n1', { 'civitas.dev/contract': 'yes' });
      const set = await marksOf(3);
      await kube.setUnschedulable('n1', false);
      await kube.removeTaint('n1', SOFT);
      await kube.removeTaint('n1', SOFT);
      await kube.setLabels('n1', { 'civitas.dev/contract': null });
      const cleared = await marksOf(1);
      return { before, set, cleared, absent: await kube.nodeMarks('n9') };
    },
    expected: {
      before: bare(),
      set: {
        unschedulable: true,
        taints: [
          'civitas.dev/contract=soon:PreferNoSchedule',
          `${CONTROL_PLANE}=:NoSchedule`,
          'node.kubernetes.io/unschedulable=:NoSchedule',
        ],
        role: '',
        ours: 'yes',
      },
      cleared: bare(),
      absent: undefined,
    },
  },

  {
    title: 'a ConfigMap is changed only by who read it last',
    hosts: 1,
    observe: async (bench) => {
      await buildCluster(bench, 1);
      const { kube } = at(bench, 0).ports;
      const read = await kube.configMap('kubeadm-config');
      const text = read?.data['ClusterConfiguration'] ?? '';
      const note = (value: string) => ({ contract: value });
      const revision = read?.revision ?? '';
      return {
        version: text.match(/kubernetesVersion: (\S+)/)?.[1],
        first: await kube.patchConfigMap('kubeadm-config', note('one'), revision),
        second: await kube.patchConfigMap('kubeadm-config', note('two'), revision),
        kept: (await kube.configMap('kubeadm-config'))?.data['contract'],
        whole: (await kube.configMap('kubeadm-config'))?.data['ClusterConfiguration'] === text,
        kubelet: Object.keys((await kube.configMap('kubelet-config'))?.data ?? {}),
        proxy: 'config.conf' in ((await kube.configMap('kube-proxy'))?.data ?? {}),
      };
    },
    expected: {
      version: 'v1.34.4',
      first: 'done',
      second: 'conflict',
      kept: 'one',
      whole: true,
      kubelet: ['kubelet'],
      proxy: true,
    },
  },
];

function bare() {
  return {
    unschedulable: false,
    taints: [`${CONTROL_PLANE}=:NoSchedule`],
    role: '',
    ours: undefined,
  };
}
