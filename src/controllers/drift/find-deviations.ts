import type { JudgedConfigMap } from '../../runtime/kubeadm-config-maps.ts';
import { CONTROL_PLANE_LABELS, CONTROL_PLANE_TAINT } from '../../state/control-plane-marks.ts';
import { sha256 } from '../../state/sha256.ts';
import { findFiles } from './find-files.ts';
import type { Finding } from './finding.ts';
import { isConfigMap } from './items.ts';
import type { HostView, NodeView, Serving } from './observed.ts';

/** All of this host, and of the cluster where this node looks after it, that is not as it should be. */
export function findDeviations({ baseline, host, node, configMaps }: Serving): readonly Finding[] {
  return [
    ...findFiles(baseline, host),
    ...findHost(host),
    ...findNode(node),
    ...(typeof configMaps === 'string' ? [] : findConfigMaps(configMaps)),
  ];
}

/** Whether nobody could tell how an item is now. */
export function isUnseen({ node, configMaps }: Serving, item: string): boolean {
  if (isConfigMap(item)) return configMaps === 'unseen';
  if (!/^(?:label|taint):/.test(item)) return false;
  return node.isControlPlane && node.marks === undefined;
}

function findHost({ kubernetesVersion, wrongSettings, alteredBalancer }: HostView): Finding[] {
  const settings = wrongSettings.map((name): Finding => {
    const repair = { type: 'sysctl', kubernetesVersion } as const;
    return finding(`sysctl:${name}`, `the kernel's ${name} is not 1`, 'wrong', repair);
  });
  if (alteredBalancer === undefined) return settings;
  const message = 'the file of the load balancer says else than civitas wrote';
  const repair = { type: 'balancer-file', servers: alteredBalancer } as const;
  return [...settings, finding('haproxy', message, 'altered', repair)];
}

function findNode({ isControlPlane, isAbsent, marks }: NodeView): readonly Finding[] {
  if (isAbsent) {
    const message = 'the API has no Node of this host any more';
    return [finding('node', message, 'absent', { type: 'restart-kubelet' })];
  }
  if (!isControlPlane || marks === undefined) return [];
  const labels = Object.entries(CONTROL_PLANE_LABELS).flatMap(
    ([key, value]): readonly Finding[] => {
      if (marks.labels[key] === value) return [];
      const message = `the Node of this control plane lacks the label ${key}`;
      const repair = { type: 'labels', labels: { [key]: value } } as const;
      return [finding(`label:${key}`, message, marks.labels[key] ?? 'absent', repair)];
    },
  );
  const { key, effect } = CONTROL_PLANE_TAINT;
  if (marks.taints.some((taint) => taint.key === key && taint.effect === effect)) return labels;
  const message = `the Node of this control plane lacks the taint ${key}:${effect}`;
  const repair = { type: 'taint', taint: CONTROL_PLANE_TAINT } as const;
  return [...labels, finding(`taint:${key}`, message, 'absent', repair)];
}

function findConfigMaps(judged: readonly JudgedConfigMap[]): readonly Finding[] {
  return judged.flatMap(({ name, verdict, text, patch }) => {
    if (verdict === 'same') return [];
    const repair = patch && ({ type: 'config-map', name, ...patch } as const);
    return [finding(`config-map:${name}`, SENTENCES[verdict](name), text, repair)];
  });
}

const SENTENCES: Readonly<
  Record<Exclude<JudgedConfigMap['verdict'], 'same'>, (name: string) => string>
> = {
  absent: (name) =>
    `ConfigMap ${name} is gone: run \`kubeadm init phase upload-config all\` on a control plane`,
  unreadable: (name) => `ConfigMap ${name} can not be read: put back what kubeadm wrote`,
  different: (name) => `ConfigMap ${name} does not say what the spec and the API servers do`,
};

function finding(item: string, message: string, found: string, repair: Finding['repair']): Finding {
  return { item, message, found: sha256(found), repair };
}
