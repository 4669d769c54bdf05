import { expect, test } from '@jest/globals';
import { observeKubernetes } from '../../../src/controllers/kubeadm/observe-kubernetes.ts';
import { createKubeadmNodes } from '../../support/kubeadm-nodes.ts';

const NOTHING = { kubernetes: [], manifests: [], pki: [], etcd: [], parked: [] };

test.each([
  { where: 'nowhere', listing: NOTHING, etcdMember: 'none' },
  {
    where: 'parked since the boot, as others may count on its vote',
    listing: { ...NOTHING, parked: ['etcd.yaml'] },
    etcdMember: 'unknown',
  },
])(
  'a host is of etcd "$etcdMember" where its manifest is $where',
  async ({ listing, etcdMember }) => {
    const { ports } = await createKubeadmNodes(1).addNode();
    expect(await observeKubernetes(ports, listing, false)).toMatchObject({ etcdMember });
  },
);
