import type { Bucket, BucketWatcher } from '../ports/bucket.ts';
import type { LogRecord } from '../state/log-copy.ts';
import type { NodeId } from '../state/node-id.ts';
import type { MemoryLink } from './memory-link.ts';
import { ownWays, type Ways } from './ways.ts';

/** How the replicas stand, for all buckets of one log. */
export interface MemoryReplicas {
  quorum: boolean;
}

export interface MemoryBucket {
  /** The bucket as one agent reaches it; `writer` names it to those who watch commits. */
  over(link: MemoryLink, writer?: NodeId): Bucket;
  /** Calls back with each change at the moment the replicas agree on it. */
  onCommitted(callback: (record: LogRecord, writer: NodeId | undefined) => void): void;
  /** The replicas elected another leader: every agent that is connected hears of it. */
  failOver(): void;
}

interface Member {
  readonly link: MemoryLink;
  readonly watcher: BucketWatcher;
  /** Resolves when the last delivery to it has arrived: a watch is one stream, in order. */
  arriving: Promise<void>;
}

interface Lost {
  readonly type: 'unavailable';
  readonly message: string;
}

const LOST: Lost = { type: 'unavailable', message: 'no answer' };

/** `ways`: how what was written comes to those who watch. */
export function createMemoryBucket(replicas: MemoryReplicas, ways: Ways = ownWays): MemoryBucket {
  const members = new Set<Member>();
  const held = new Map<string, LogRecord>();
  const witnesses: ((record: LogRecord, writer: NodeId | undefined) => void)[] = [];
  let lastRevision = 0;

  function deliver(record: LogRecord): void {
    const way = ways();
    for (const member of [...members]) {
      const { link, watcher, arriving } = member;
      member.arriving = Promise.all([way(link), arriving]).then(() => {
        if (link.hears()) watcher.onRecord(record);
      });
    }
  }

  /** The new revision, or undefined when the key is at another one. */
  function change(path: string, text: string | null, ifRevision?: number, writer?: NodeId) {
    const record = held.get(path);
    const revision = record === undefined || record.text === null ? 0 : record.revision;
    if (ifRevision !== undefined && ifRevision !== revision) return undefined;
    lastRevision += 1;
    const changed = { path, revision: lastRevision, text };
    held.set(path, changed);
    for (const witness of witnesses) witness(changed, writer);
    deliver(changed);
    return changed.revision;
  }

  /** One request and its answer; either gets lost where the link or the quorum is gone. */
  async function ask<T>(
    link: MemoryLink,
    work: () => T,
  ): Promise<{ readonly type: 'answered'; readonly answer: T } | Lost> {
    const works = () => link.isUp() && replicas.quorum;
    if (!works()) return LOST;
    await link.travel();
    if (!works()) return LOST;
    const answer = work();
    await link.travel();
    return works() ? { type: 'answered', answer } : LOST;
  }

  function catchUp({ watcher }: Member): void {
    const records = [...held.values()];
    for (const record of records) watcher.onRecord(record);
    const existing = records.filter(({ text }) => text !== null);
    watcher.onCaughtUp(new Set(existing.map(({ path }) => path)), lastRevision);
  }

  function join(link: MemoryLink, watcher: BucketWatcher): () => void {
    const member: Member = { link, watcher, arriving: Promise.resolve() };
    members.add(member);
    if (link.hears()) catchUp(member);
    link.onChange((what) => {
      if (!members.has(member)) return;
      watcher.onInterrupted();
      if (what === 'hears-again') catchUp(member);
    });
    return () => members.delete(member);
  }

  return {
    onCommitted: (callback) => {
      witnesses.push(callback);
    },
    over: (link, writer) => ({
      async write(path, text, ifRevision) {
        const result = await ask(link, () => change(path, text, ifRevision, writer));
        if (result.type === 'unavailable') return result;
        if (result.answer === undefined) return { type: 'conflict' };
        return { type: 'written', revision: result.answer };
      },
      async read(path) {
        const result = await ask(link, () => held.get(path));
        if (result.type === 'unavailable') return result;
        return { type: 'read', record: result.answer };
      },
      watch: (watcher) => join(link, watcher),
    }),
    failOver() {
      for (const member of [...members].filter(({ link }) => link.isUp())) {
        member.watcher.onFailover();
        // It breaks every watch, also one that stood still unnoticed.
        catchUp(member);
      }
    },
  };
}
