import { isLate, isOver, isRenewable, lateFromWallMs } from '../state/leaf-life.ts';
import type { NextExpiry } from '../state/next-expiry.ts';
import { durationText } from './duration-text.ts';
import type { Paint } from './paint.ts';

interface Options {
  readonly paint: Paint;
  readonly wallMs: number;
}

/** Which certificate of the cluster ends first, and what is amiss about it; empty before any is known. */
export function renderNextExpiry(next: NextExpiry | null, { paint, wallMs }: Options): string {
  if (!next) return '';
  const { name, hostname, notAfterWallMs, policy } = next;
  const which = `${name} on ${hostname}`;
  if (isOver(next, wallMs)) {
    const sinceText = durationText(wallMs - notAfterWallMs);
    return `${paint('red', 'Certificates')}: ${which} is over since ${sinceText}`;
  }
  const inText = durationText(notAfterWallMs - wallMs);
  if (policy !== 'report' || !isLate(next, wallMs)) {
    return `Certificates: the first to end is ${which}, in ${inText}${renewal(next, wallMs)}`;
  }
  return `${paint('yellow', 'Certificates')}: ${which} ends in ${inText} and is not renewed, as certificates.policy is report`;
}

/** What is going to be done about it, and when. */
function renewal(next: NextExpiry, wallMs: number): string {
  if (next.policy === 'report') return '';
  if (!isRenewable(next)) return '; its kubelet renews it';
  const leftMs = lateFromWallMs(next) - wallMs;
  return leftMs > 0
    ? `; it is renewed in ${durationText(leftMs)}`
    : `; its renewal is due since ${durationText(-leftMs)}`;
}
