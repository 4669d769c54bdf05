import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tlsOf } from './tls-certificate.ts';

/** Leaves in a folder what kubeadm leaves on a host that runs etcd. */
export async function layOutEtcd(root: string): Promise<void> {
  const client = tlsOf('etcd', 'healthcheck');
  const files = {
    'pki/etcd/ca.crt': client.ca,
    'pki/etcd/healthcheck-client.crt': client.cert,
    'pki/etcd/healthcheck-client.key': client.key,
    'manifests/etcd.yaml': 'kind: Pod',
  };
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, 'etc/kubernetes', name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, content);
  }
}
