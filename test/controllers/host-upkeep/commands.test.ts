import { describe, expect, test } from '@jest/globals';
import {
  commandName,
  imageListCommand,
  imagesIn,
  renderCommands,
  upgradeCommand,
} from '../../../src/controllers/host-upkeep/commands.ts';

const KUBEADM = '/opt/k8s/1.34.4/kubeadm';
const VERSION = 'v1.34.4';
const PLAIN = { kubeadm: KUBEADM, isControlPlane: true, ignorePreflightErrors: [] };

describe('the command of an order', () => {
  test.each([
    {
      title: 'the first control plane',
      question: {
        ...PLAIN,
        order: { task: 'upgrade-control-plane', first: true, kubernetesVersion: VERSION },
        ignorePreflightErrors: ['SystemVerification', 'Swap'],
      },
      line: `upgrade apply ${VERSION} --yes --certificate-renewal=false --ignore-preflight-errors=SystemVerification,Swap`,
    },
    {
      title: 'another control plane whose static pods were swapped before',
      question: {
        ...PLAIN,
        order: { task: 'upgrade-control-plane', first: false, kubernetesVersion: VERSION },
        etcdIsDone: true,
      },
      line: 'upgrade node --certificate-renewal=false --etcd-upgrade=false',
    },
    {
      title: 'the kubelet of a control plane',
      question: {
        ...PLAIN,
        order: { task: 'upgrade-kubelet', first: false, kubernetesVersion: VERSION },
        ignorePreflightErrors: ['Swap'],
      },
      line: 'upgrade node phase kubelet-config',
    },
    {
      title: 'the kubelet of a worker',
      question: {
        ...PLAIN,
        isControlPlane: false,
        order: { task: 'upgrade-kubelet', first: false, kubernetesVersion: VERSION },
      },
      line: 'upgrade node --certificate-renewal=false',
    },
  ] as const)('$title', ({ question, line }) => {
    expect(upgradeCommand(question).join(' ')).toBe(`${KUBEADM} ${line}`);
  });

  test('static pods are rendered into a folder of ours after the checks of kubeadm', () => {
    const order = {
      task: 'upgrade-control-plane',
      first: true,
      kubernetesVersion: VERSION,
    } as const;
    const dryRun = `/usr/bin/env KUBEADM_INIT_DRYRUN_DIR=/etc/kubernetes/civitas-upgrade ${KUBEADM} init phase`;
    const config = '--config /etc/kubernetes/civitas-upgrade/kubeadm.yaml --dry-run';
    expect(renderCommands({ ...PLAIN, order }).map((argv) => argv.join(' '))).toEqual([
      `${KUBEADM} upgrade apply phase preflight ${VERSION} --yes`,
      `${dryRun} control-plane all ${config}`,
      `${dryRun} etcd local ${config}`,
    ]);
    const [other] = renderCommands({ ...PLAIN, order: { ...order, first: false } });
    expect(other?.join(' ')).toBe(`${KUBEADM} upgrade node phase preflight`);
  });

  test('names differ by attempt and operation, and are never too long', () => {
    const names = [
      commandName('a'.repeat(63), 0),
      commandName('a'.repeat(63), 1),
      commandName('b', 0),
    ];
    expect(new Set(names).size).toBe(3);
    expect(names.every((name) => /^[a-z0-9-]{1,63}$/.test(name))).toBe(true);
  });

  test('images are those that kubeadm names, among its warnings', () => {
    const output = [
      'W1121 20:12:01.000000    1234 version.go:109] could not fetch a Kubernetes version',
      'registry.k8s.io/kube-apiserver:v1.34.4',
      'registry.local:5000/coredns/coredns:v1.12.1',
      '',
    ].join('\n');
    expect(imagesIn(output)).toEqual([
      'registry.k8s.io/kube-apiserver:v1.34.4',
      'registry.local:5000/coredns/coredns:v1.12.1',
    ]);
    const asked = imageListCommand({
      kubeadm: KUBEADM,
      kubernetesVersion: VERSION,
      imageRepository: 'registry.local:5000',
    });
    expect(asked.join(' ')).toBe(
      `${KUBEADM} config images list --kubernetes-version=${VERSION} --image-repository=registry.local:5000`,
    );
  });
});
