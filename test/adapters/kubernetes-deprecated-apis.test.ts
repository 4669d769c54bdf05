import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createKubernetesClient } from '../../src/adapters/kubernetes-client.ts';
import type { Kube } from '../../src/ports/kube.ts';
import {
  type Answer,
  type FakeHttpsServer,
  startHttpsServer,
} from '../support/fake-https-server.ts';
import { embedded, kubeconfigAt } from '../support/kubeconfig-files.ts';
import { tlsOf } from '../support/tls-certificate.ts';
import { temporaryFolders } from './temporary-folder.ts';

const METRICS = `# HELP apiserver_requested_deprecated_apis [STABLE] Gauge of deprecated APIs
apiserver_requested_deprecated_apis{group="policy",removed_release="1.25",resource="podsecuritypolicies",subresource="",version="v1beta1"} 1
apiserver_requested_deprecated_apis{group="",removed_release="",resource="componentstatuses",subresource="",version="v1"} 1
apiserver_requested_deprecated_apis{group="batch",removed_release="1.25",resource="cronjobs",subresource="status",version="v1beta1"} 0
apiserver_request_total{group="policy"} 12
`;

const newFolder = temporaryFolders();
const serverTls = tlsOf('cluster', 'kube-apiserver');

let server: FakeHttpsServer;
let metrics: Answer;
let kube: Kube;

/** Two API servers that publish one address. */
beforeEach(async () => {
  const root = await newFolder();
  metrics = { status: 200, body: METRICS };
  server = await startHttpsServer(serverTls, ({ path, query }) => {
    if (path === '/metrics') return metrics;
    expect(query.get('labelSelector')).toBe('kubernetes.io/service-name=kubernetes');
    const endpoints = [{ addresses: ['127.0.0.1'] }, { addresses: ['127.0.0.1'] }];
    const slice = { addressType: 'IPv4', ports: [{ port: server.port }], endpoints };
    return { status: 200, body: { metadata: {}, items: [slice] } };
  });
  const kubeconfig = kubeconfigAt(root, server.port, serverTls.ca);
  await kubeconfig('admin.conf', embedded(tlsOf('cluster', 'admin')));
  kube = createKubernetesClient({ root, apiServerPort: server.port });
});

afterEach(() => server.stop());

test('deprecated APIs that are asked for are told once, as all API servers count them', async () => {
  expect(await kube.deprecatedApisInUse()).toEqual([
    {
      group: 'policy',
      version: 'v1beta1',
      resource: 'podsecuritypolicies',
      subresource: '',
      removedRelease: '1.25',
    },
    {
      group: '',
      version: 'v1',
      resource: 'componentstatuses',
      subresource: '',
      removedRelease: '',
    },
  ]);
});

test('an API server that does not tell its metrics is named', async () => {
  metrics = { status: 503, body: 'later' };
  await expect(kube.deprecatedApisInUse()).rejects.toMatchObject({
    code: 'kube.unreachable',
    message: expect.stringMatching(/^The API server at 127\.0\.0\.1:\d+ does not tell its metrics/),
  });
});
