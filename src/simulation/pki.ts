import { remembered } from '../state/remembered.ts';
import type { WorldState } from './world-state.ts';

const YEAR_MS = 365 * 86_400_000;
/** kubeadm and the controller manager date certificates back, for clocks that are behind. */
const BACKDATED_MS = 5 * 60_000;

/**
 * Simulated key material: PEM blocks that hold a readable sentence instead of a key. They are copied
 * and compared like real ones and are good for nothing else.
 */
export function simulatedCertificate(world: WorldState, subject: string, years = 1): string {
  const second = Math.floor(world.clock.wallMs() / 1_000) * 1_000;
  const expiresWallMs = second + years * YEAR_MS;
  world.expiriesWallMs.add(expiresWallMs);
  const [from, until] = [second - BACKDATED_MS, expiresWallMs].map((wallMs) =>
    new Date(wallMs).toISOString(),
  );
  const sentence = `simulated certificate of ${subject}, valid from ${from} until ${until}`;
  return pem('CERTIFICATE', sentence);
}

/** When a certificate expires; undefined for what is none of ours. */
export function expiryOf(certificate: string | undefined): number | undefined {
  return certificate === undefined ? undefined : validityOf(certificate)?.untilWallMs;
}

/** Undefined for what is none of ours. */
export const validityOf = remembered((certificate) => {
  const [, body] = certificate.split('\n');
  const [, from, until] = (body && atob(body).match(/valid from (\S+) until (\S+)$/)) || [];
  if (!from || !until) return undefined;
  return { fromWallMs: Date.parse(from), untilWallMs: Date.parse(until) };
});

/** Whose it is. */
export const subjectOf = remembered((certificate): string => {
  const [, body = ''] = certificate.split('\n');
  return atob(body).match(/^simulated certificate of (.*), valid from/)?.[1] ?? '';
});

/** Whether a leaf that was made for an address, which is the end of its subject, is for this one. */
export function namesAddress(certificate: string | undefined, address: string): boolean {
  return certificate !== undefined && subjectOf(certificate).endsWith(` at ${address}`);
}

export function simulatedPrivateKey(subject: string): string {
  return pem('EC PRIVATE KEY', `simulated private key of ${subject}`);
}

export function simulatedPublicKey(subject: string): string {
  return pem('PUBLIC KEY', `simulated public key of ${subject}`);
}

function pem(label: string, sentence: string): string {
  return `-----BEGIN ${label}-----\n${btoa(sentence)}\n-----END ${label}-----\n`;
}
