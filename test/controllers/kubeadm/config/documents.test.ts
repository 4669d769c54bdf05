import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { AUDIT_POLICY } from '../../../../src/controllers/kubeadm/config/audit-policy.ts';
import { discoveryKubeconfig } from '../../../../src/controllers/kubeadm/config/discovery-kubeconfig.ts';
import { encryptionConfig } from '../../../../src/controllers/kubeadm/config/encryption-config.ts';

test('the discovery file names the local load balancer and whom to trust there, and no credentials', () => {
  expect(parse(discoveryKubeconfig('PEM\n'))).toEqual({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: '',
        cluster: { server: 'https://127.0.0.1:7443', 'certificate-authority-data': 'UEVNCg==' },
      },
    ],
    contexts: [],
    'current-context': '',
    users: [],
  });
});

test('Secrets are encrypted with the key first, and still read without it', () => {
  const key = Uint8Array.from({ length: 32 }, (_, index) => 224 + index);
  const [resources] = parse(encryptionConfig(key)).resources;
  expect(resources).toEqual({
    resources: ['secrets'],
    providers: [
      {
        secretbox: {
          keys: [{ name: 'key1', secret: '4OHi4+Tl5ufo6err7O3u7/Dx8vP09fb3+Pn6+/z9/v8=' }],
        },
      },
      { identity: {} },
    ],
  });
});

test('the audit policy writes no body of a Secret', () => {
  const { rules } = parse(AUDIT_POLICY);
  const withBodies = rules.filter(({ level }: { level: string }) => level.startsWith('Request'));
  expect(withBodies).toHaveLength(1);
  expect(withBodies[0].resources).toEqual([{ group: 'rbac.authorization.k8s.io' }]);
  expect(rules.at(-1)).toEqual({ level: 'Metadata' });
});
