import type { LeafCertificate } from './leaf-certificates.ts';
import { isKubeadmLeaf, KUBELET_SERVING_LEAF } from './leaf-files.ts';

/** Of its life; what is left then is time enough for anything that stands in the way. */
const RENEWED_AT = 2 / 3;

/** Whether nobody takes it any more, by the wall clock given. */
export function isOver({ notAfterWallMs }: LeafCertificate, wallMs: number): boolean {
  return notAfterWallMs <= wallMs;
}

/** Whether it is renewed by an order; others are renewed by the kubelet, between 70 and 90 % of their life. */
export function isRenewable({ name }: LeafCertificate): boolean {
  return isKubeadmLeaf(name) || name === KUBELET_SERVING_LEAF;
}

type Life = Pick<LeafCertificate, 'notBeforeWallMs' | 'notAfterWallMs'>;

/** By the wall clock: when two thirds of its life are over. */
export function lateFromWallMs({ notBeforeWallMs, notAfterWallMs }: Life): number {
  return notBeforeWallMs + RENEWED_AT * (notAfterWallMs - notBeforeWallMs);
}

/** Whether two thirds of its life are over. */
export function isLate(life: Life, wallMs: number): boolean {
  return wallMs >= lateFromWallMs(life);
}

/** Whether it is one to renew, and that time has come. */
export function isDue(leaf: LeafCertificate, wallMs: number): boolean {
  return isRenewable(leaf) && isLate(leaf, wallMs);
}

/** The one that ends first; undefined where there is none. */
export function firstToEnd(leaves: readonly LeafCertificate[]): LeafCertificate | undefined {
  return leaves.toSorted((a, b) => a.notAfterWallMs - b.notAfterWallMs)[0];
}
