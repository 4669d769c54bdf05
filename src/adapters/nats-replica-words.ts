/** What nats-server prints first at each start. */
const FIRST_WORDS = 'Starting nats-server';

/** Why the server ended its last run by itself, in its own words; undefined when it did not. */
export function fatalWords(printed: string): string | undefined {
  const lastRun = printed.slice(Math.max(0, printed.lastIndexOf(FIRST_WORDS)));
  return /\[FTL\] (.+)/.exec(lastRun)?.[1]?.slice(0, 300);
}

/**
 * True for the words of a server that does not serve because its own store is damaged, as in
 * `Can't start JetStream: raft: snapshot corrupt` (nats-server 2.15; docs/decisions).
 */
export function tellOfDamage(words: string): boolean {
  return /\bcorrupt(?:ed)?\b/i.test(words);
}

/** The port that another program has, from the words of a server that could not listen on it. */
export function takenPort(words: string): number | undefined {
  const port = /listen tcp \S*:(\d+): bind: address already in use/.exec(words)?.[1];
  return port === undefined ? undefined : Number(port);
}
