import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { clusterSpecSchema } from '../../../src/state/cluster-spec.ts';
import { leavesConfig } from '../../../src/state/kubeadm/leaves-config.ts';

const KUBERNETES = { minor: 34, patch: 4 };

describe('what kubeadm makes the leaves of a control plane from', () => {
  test('names its host and address, and whatever the cluster and people want in them', () => {
    const people = { apiServer: { certSANs: ['api.example.org'] } };
    const text = leavesConfig({
      kubernetesVersion: KUBERNETES,
      clusterId: '5d1f0a4e-98f0-4f7c-8ad5-2b2f6d8f1a11',
      spec: clusterSpecSchema.parse({
        kubernetesVersion: 'v1.34.4',
        kubeadm: { clusterConfiguration: people },
      }),
      hostname: 'n1',
      address: '10.88.0.200',
      knownNames: ['n1', '10.88.0.200'],
    });
    const [init, cluster] = parseAllDocuments(text).map((each) => each.toJS());
    expect(init).toEqual({
      apiVersion: 'kubeadm.k8s.io/v1beta4',
      kind: 'InitConfiguration',
      localAPIEndpoint: { advertiseAddress: '10.88.0.200' },
      nodeRegistration: { name: 'n1' },
    });
    expect(cluster).toMatchObject({
      kind: 'ClusterConfiguration',
      kubernetesVersion: 'v1.34.4',
      controlPlaneEndpoint: '127.0.0.1:7443',
      networking: { serviceSubnet: '10.96.0.0/16' },
      apiServer: {
        certSANs: ['127.0.0.1', '::1', 'localhost', 'n1', '10.88.0.200', 'api.example.org'],
      },
    });
  });
});
