import { describe, expect, test } from '@jest/globals';
import type { RunningRelease } from '../../src/state/running-releases.ts';
import { specEditProblems } from '../../src/state/spec-edit-problems.ts';
import { spec } from '../support/controllers-entries.ts';

const before = spec();
const network = (differs: Partial<typeof before.network>) => ({
  network: { ...before.network, ...differs },
});
const domain = (dnsDomain: string) => ({
  kubeadm: { ...before.kubeadm, clusterConfiguration: { networking: { dnsDomain } } },
});
/** A release, reached by way of others. */
const to = (kubernetesVersion: string, ...through: string[]) => ({
  kubernetesVersion,
  upgrade: { ...before.upgrade, through },
});

describe('an edit of a running cluster of which nobody told what it runs', () => {
  test.each([
    { edit: { controlPlanes: 5, size: 9 } as const, fields: [] },
    { edit: to('v1.34.9'), fields: [] },
    { edit: to('v1.35.0'), fields: [] },
    { edit: to('v1.36.0'), fields: ['kubernetesVersion'] },
    { edit: to('v1.36.0', 'v1.35.2'), fields: [] },
    { edit: to('v1.36.0', 'v1.34.7'), fields: ['kubernetesVersion'] },
    { edit: to('v1.37.0', 'v1.36.1', 'v1.35.2'), fields: [] },
    { edit: to('v1.37.0', 'v1.35.2'), fields: ['kubernetesVersion'] },
    { edit: to('v1.34.3'), fields: ['kubernetesVersion'] },
    { edit: to('v1.33.9'), fields: ['kubernetesVersion'] },
    { edit: network({ podSubnet: '10.60.0.0/16' }), fields: ['network.podSubnet'] },
    { edit: network({ serviceSubnet: '10.97.0.0/16' }), fields: ['network.serviceSubnet'] },
    {
      edit: domain('example.org'),
      fields: ['kubeadm.clusterConfiguration.networking.dnsDomain'],
    },
    { edit: domain('cluster.local'), fields: [] },
    {
      edit: { ...network({ plugin: 'none' }), kubernetesVersion: 'v1.30.0' },
      fields: ['network.plugin', 'kubernetesVersion'],
    },
  ])('$edit is refused for $fields', ({ edit, fields }) => {
    const problems = specEditProblems(before, spec(edit), []);
    expect(problems.map(({ field }) => field)).toEqual(fields);
  });

  test('is refused in sentences that say what would be right', () => {
    const edit = { ...network({ plugin: 'none' }), kubernetesVersion: 'v1.36.0' };
    expect(specEditProblems(before, spec(edit), []).map(({ message }) => message)).toEqual([
      'network.plugin is none, but the cluster was founded with host-gateway: keep it.',
      'kubernetesVersion is v1.36.0 and skips v1.35 after v1.34.4, which the spec asks for: name a release of it in upgrade.through, such as v1.35.0.',
    ]);
    const back = specEditProblems(before, spec(to('v1.34.3')), []);
    expect(back[0]?.message).toBe(
      'kubernetesVersion is v1.34.3, older than v1.34.4, which the spec asks for, and there is no way back: keep v1.34.4 or newer.',
    );
  });
});

describe('what a cluster runs by now counts, and not what was asked of it:', () => {
  const runs = (...versions: string[]): readonly RunningRelease[] =>
    versions.map((kubernetesVersion, index) => {
      return { kubernetesVersion, why: `n${index + 1} runs` };
    });
  const asked = spec(to('v1.35.1'));

  test.each([
    { when: 'nothing was upgraded yet', running: runs('v1.34.4'), edit: to('v1.34.4'), says: [] },
    {
      when: 'one node was upgraded',
      running: runs('v1.34.4', 'v1.35.1'),
      edit: to('v1.34.4'),
      says: [
        'kubernetesVersion is v1.34.4, older than v1.35.1, which n2 runs, and there is no way back: keep v1.35.1 or newer.',
      ],
    },
    {
      when: 'one node was upgraded and another release of that minor is wanted',
      running: runs('v1.34.4', 'v1.35.1'),
      edit: to('v1.35.2'),
      says: [],
    },
    {
      when: 'one node is still behind, and the way would skip what it needs',
      running: runs('v1.34.4', 'v1.35.1'),
      edit: to('v1.36.0'),
      says: [
        'kubernetesVersion is v1.36.0 and skips v1.35 after v1.34.4, which n1 runs: name a release of it in upgrade.through, such as v1.35.0.',
      ],
    },
    {
      when: 'one came back that is far behind, and something else is edited',
      running: runs('v1.32.0', 'v1.35.1'),
      edit: { ...to('v1.35.1'), size: 4 },
      says: [],
    },
  ])('$when', ({ running, edit, says }) => {
    const problems = specEditProblems(asked, spec(edit), running);
    expect(problems.map(({ message }) => message)).toEqual(says);
  });
});
