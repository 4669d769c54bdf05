import { describe, expect, test } from '@jest/globals';
import { specEditProblems } from '../../src/state/spec-edit-problems.ts';
import { spec } from '../support/controllers-entries.ts';

const before = spec();
const network = (differs: Partial<typeof before.network>) => ({
  network: { ...before.network, ...differs },
});

describe('an edit of a running cluster', () => {
  test.each([
    { edit: { controlPlanes: 5, size: 9 } as const, fields: [] },
    { edit: { kubernetesVersion: 'v1.34.9' }, fields: [] },
    { edit: { kubernetesVersion: 'v1.35.0' }, fields: [] },
    { edit: { kubernetesVersion: 'v1.36.0' }, fields: ['kubernetesVersion'] },
    { edit: { kubernetesVersion: 'v1.34.3' }, fields: ['kubernetesVersion'] },
    { edit: { kubernetesVersion: 'v1.33.9' }, fields: ['kubernetesVersion'] },
    { edit: network({ podSubnet: '10.60.0.0/16' }), fields: ['network.podSubnet'] },
    { edit: network({ serviceSubnet: '10.97.0.0/16' }), fields: ['network.serviceSubnet'] },
    {
      edit: { ...network({ plugin: 'none' }), kubernetesVersion: 'v1.30.0' },
      fields: ['network.plugin', 'kubernetesVersion'],
    },
  ])('$edit is refused for $fields', ({ edit, fields }) => {
    const problems = specEditProblems(before, spec(edit));
    expect(problems.map(({ field }) => field)).toEqual(fields);
  });

  test('is refused in sentences that say what would be right', () => {
    const edit = { ...network({ plugin: 'none' }), kubernetesVersion: 'v1.36.0' };
    expect(specEditProblems(before, spec(edit)).map(({ message }) => message)).toEqual([
      'network.plugin is none, but the cluster was founded with host-gateway: keep it.',
      'kubernetesVersion is v1.36.0 and skips a minor release after v1.34.4: go to v1.35 first.',
    ]);
    const back = specEditProblems(before, spec({ kubernetesVersion: 'v1.34.3' }));
    expect(back[0]?.message).toBe(
      'kubernetesVersion is v1.34.3, older than v1.34.4, and there is no way back: keep v1.34.4 or newer.',
    );
  });
});
