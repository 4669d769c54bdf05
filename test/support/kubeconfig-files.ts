import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TlsPair } from './tls-certificate.ts';

const KUBELET_PEM = '/var/lib/kubelet/pki/kubelet-client-current.pem';

/** Writes kubeconfigs of one user for the API server at a port of this machine. */
export function kubeconfigAt(root: string, port: number, ca: string) {
  const url = `https://127.0.0.1:${port}`;
  const cluster = { server: url, 'certificate-authority-data': base64(ca) };
  return async (name: string, user: object): Promise<void> => {
    const kubeconfig = {
      'current-context': 'here',
      clusters: [{ name: 'kubernetes', cluster }],
      contexts: [{ name: 'here', context: { cluster: 'kubernetes', user: 'me' } }],
      users: [{ name: 'me', user }],
    };
    await mkdir(join(root, 'etc/kubernetes'), { recursive: true });
    await writeFile(join(root, 'etc/kubernetes', name), JSON.stringify(kubeconfig));
  };
}

/** A user as kubeadm writes administrators. */
export function embedded({ cert, key }: TlsPair): object {
  return { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) };
}

/** A user as the kubelet writes itself: certificate and key in one file, replaced when it rotates. */
export async function writeKubeletPem(root: string, { cert, key }: TlsPair): Promise<object> {
  await mkdir(join(root, 'var/lib/kubelet/pki'), { recursive: true });
  await rm(join(root, KUBELET_PEM), { force: true });
  await writeFile(join(root, KUBELET_PEM), cert + key);
  return { 'client-certificate': KUBELET_PEM, 'client-key': KUBELET_PEM };
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
