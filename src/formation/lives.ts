import type { Hello } from '../state/hello.ts';
import type { KnownPeer, Lives } from './knowledge.ts';

/** What a process said just before it ended may arrive after the first word of the next one. */
export function isLateWord({ lives }: KnownPeer, { instance, wallMs }: Hello): boolean {
  return instance === lives.before && wallMs <= lives.sinceWallMs;
}

/**
 * Whether the speaker is alive at the same time as the life of its node that counts, and is the
 * younger. All go by the start of the processes, so that they agree whom to refuse; who has known a
 * clone for one stays with that.
 */
export function isCloneOf({ hello: counted, lives }: KnownPeer, hello: Hello): boolean {
  const { instance } = hello;
  if (instance === counted.instance) return false;
  return instance === lives.clone || (instance === lives.before && isOlder(counted, hello));
}

/**
 * The lives of a peer of which nothing is held against the speaker. A new life of a known node is a
 * restart, until the one before it speaks again: then both are alive.
 */
export function livesAfter(known: KnownPeer | undefined, { instance, wallMs }: Hello): Lives {
  if (!known) return { sinceWallMs: wallMs, before: null, clone: null };
  const { lives, hello: counted } = known;
  if (instance === counted.instance) return lives;
  const isBack = instance === lives.before;
  return {
    sinceWallMs: wallMs,
    before: isBack ? null : counted.instance,
    clone: isBack ? counted.instance : lives.clone,
  };
}

/** The lives of a peer beside which a clone was heard. */
export function livesBeside(lives: Lives, clone: string): Lives {
  return { ...lives, clone, before: lives.before === clone ? null : lives.before };
}

function isOlder(left: Hello, right: Hello): boolean {
  if (left.startedWallMs !== right.startedWallMs) return left.startedWallMs < right.startedWallMs;
  return left.instance < right.instance;
}
