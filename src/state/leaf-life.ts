import type { LeafCertificate } from './leaf-certificates.ts';
import { isKubeadmLeaf, KUBELET_SERVING_LEAF } from './leaf-files.ts';

/** Of its life; what is left then is time enough for anything that stands in the way. */
const RENEWED_AT = 2 / 3;
/** From here on it is renewed along with what is late: six days earlier in a year. */
const RENEWED_ALONG_FROM = 0.65;
/** From here on no word of people is waited for: five weeks before the end of a year. */
const PRESSING_FROM = 0.9;

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
export function lateFromWallMs(life: Life): number {
  return afterShare(RENEWED_AT, life);
}

/** Whether two thirds of its life are over. */
export function isLate(life: Life, wallMs: number): boolean {
  return wallMs >= lateFromWallMs(life);
}

/** Whether it is one to renew, and that time has come. */
export function isDue(leaf: LeafCertificate, wallMs: number): boolean {
  return isRenewable(leaf) && isLate(leaf, wallMs);
}

/**
 * Whether it is due, or so soon that it is renewed along with others that are: so one plan is for all
 * machines that joined within days, and for all leaves of each.
 */
export function isDueSoon(leaf: LeafCertificate, wallMs: number): boolean {
  return isRenewable(leaf) && wallMs >= afterShare(RENEWED_ALONG_FROM, leaf);
}

/** Whether it is one to renew, and its end is near. */
export function isPressing(leaf: LeafCertificate, wallMs: number): boolean {
  return isRenewable(leaf) && wallMs >= afterShare(PRESSING_FROM, leaf);
}

/** The one that ends first; undefined where there is none. */
export function firstToEnd(leaves: readonly LeafCertificate[]): LeafCertificate | undefined {
  return leaves.toSorted((a, b) => a.notAfterWallMs - b.notAfterWallMs)[0];
}

function afterShare(share: number, { notBeforeWallMs, notAfterWallMs }: Life): number {
  return notBeforeWallMs + share * (notAfterWallMs - notBeforeWallMs);
}
