import { beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { restoreBootstrap } from '../../../src/controllers/kubeadm/restore-bootstrap.ts';
import type { HostFiles } from '../../../src/ports/host-files.ts';
import { createVirtualClock } from '../../../src/simulation/virtual-clock.ts';
import { createWorld } from '../../../src/simulation/world.ts';

const CA = '-----BEGIN CERTIFICATE-----\nY2E=\n-----END CERTIFICATE-----\n';
const TOKEN = 'abcdef.0123456789abcdef';
const KUBELET_CONF = '/etc/kubernetes/kubelet.conf';
const BOOTSTRAP_CONF = '/etc/kubernetes/bootstrap-kubelet.conf';

let files: HostFiles;

beforeEach(async () => {
  const world = createWorld({ clock: createVirtualClock() });
  world.addHost({ hostname: 'n1', address: '10.88.0.1' });
  ({ files } = world.hostPorts('n1'));
  const config = `kind: JoinConfiguration\ndiscovery:\n  tlsBootstrapToken: ${TOKEN}\n`;
  await files.write('/etc/kubernetes/civitas-kubeadm.yaml', config, 0o600);
  await files.write('/etc/kubernetes/pki/ca.crt', CA, 0o644);
  await files.write(KUBELET_CONF, '', 0o600);
});

describe('a kubelet that lost its certificate before it was on disk', () => {
  test('gets the token back, and loses the empty file that it would read first', async () => {
    await restoreBootstrap(files);
    expect(await files.read(KUBELET_CONF)).toBeUndefined();
    expect(parse((await files.read(BOOTSTRAP_CONF)) ?? '')).toEqual({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'kubernetes',
          cluster: {
            server: 'https://127.0.0.1:7443',
            'certificate-authority-data': btoa(CA),
          },
        },
      ],
      contexts: [
        {
          name: 'tls-bootstrap-token-user@kubernetes',
          context: { cluster: 'kubernetes', user: 'tls-bootstrap-token-user' },
        },
      ],
      'current-context': 'tls-bootstrap-token-user@kubernetes',
      users: [{ name: 'tls-bootstrap-token-user', user: { token: TOKEN } }],
    });
  });

  test.each([
    { what: 'the token', path: '/etc/kubernetes/civitas-kubeadm.yaml' },
    { what: 'the authority', path: '/etc/kubernetes/pki/ca.crt' },
  ])('is left alone when $what is gone too, and the file is named', async ({ path }) => {
    await files.remove(path);
    await expect(restoreBootstrap(files)).rejects.toMatchObject({
      code: 'kubeadm.bootstrap-lost',
      retryable: true,
      message: expect.stringContaining(path),
    });
    expect(await files.read(KUBELET_CONF)).toBe('');
  });
});
