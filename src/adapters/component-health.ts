import { Agent } from 'node:https';
import { httpsText } from './https-text.ts';

const TIMEOUT_MS = 2_000;
const MAX_BYTES = 65_536;

/** Ports of both on loopback, their own defaults (`--secure-port`), which kubeadm leaves as they are. */
export const COMPONENT_PORTS = { 'kube-controller-manager': 10_257, 'kube-scheduler': 10_259 };

/** They make their certificates themselves, so nobody can verify them: kubelets do not either. */
const agent = new Agent({ rejectUnauthorized: false });

/** Whether a component answers `/healthz` on this host; whatever else happens is no answer. */
export async function answersHealthz(port: number): Promise<boolean> {
  const url = new URL(`https://127.0.0.1:${port}/healthz`);
  const limits = { timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES };
  try {
    return (
      (await httpsText({ agent, url, method: 'GET', accept: '*/*', ...limits })).status === 200
    );
  } catch {
    return false;
  }
}
