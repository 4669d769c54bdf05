import type { Wait } from '../../state/status.ts';
import { durationText } from '../duration-text.ts';

/** `until etcd is whole (42s)`: what is waited for, and since when. */
export function waitText({ message, sinceWallMs }: Wait, wallMs: number): string {
  return `${message} (${durationText(wallMs - sinceWallMs)})`;
}
