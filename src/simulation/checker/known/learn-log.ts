import type { Of } from '../rule.ts';
import { EMPTY_LOG, type KnownLog, type KnownQuorum } from './known.ts';
import { changed, without } from './maps.ts';

export function learnLog(former: KnownLog, entry: Of<'log.committed'>): KnownLog {
  const { log: name, kind, key, value, revision, atMs } = entry;
  if (!isKept(kind)) return former;
  const log = former.name === name ? former : { ...EMPTY_LOG, name };
  if (value === null) return { ...log, [kind]: without<string, unknown>(log[kind], key) };
  // The value fits its kind: the store parsed it, or a rule about values that do not fit hears it first.
  const entries = changed<string, unknown>(log[kind], key, { value, revision, atMs });
  return { ...log, [kind]: entries };
}

function isKept(kind: string): kind is Exclude<keyof KnownLog, 'name'> {
  return kind !== 'name' && Object.hasOwn(EMPTY_LOG, kind);
}

export function learnQuorum(quorum: KnownQuorum, entry: Of<'log.quorum'>): KnownQuorum {
  const { log, works, reachedFrom, atMs } = entry;
  if (quorum.formerLogs.includes(log)) return quorum;
  const isNew = quorum.log !== undefined && quorum.log !== log;
  const reached = reachedFrom.map((host): [string, number] => {
    return [host, quorum.reachedSinceMs.get(host) ?? atMs];
  });
  const left = works ? reachedFrom : [];
  const lost = [...quorum.reachedSinceMs.keys()]
    .filter((host) => !left.includes(host))
    .map((host): [string, number] => [host, atMs]);
  return {
    log,
    formerLogs: isNew ? [...quorum.formerLogs, quorum.log] : quorum.formerLogs,
    works,
    everWorked: works || (quorum.everWorked && !isNew),
    sinceMs: works === quorum.works ? quorum.sinceMs : atMs,
    reachedSinceMs: new Map(works ? reached : []),
    lostMs: new Map([...quorum.lostMs, ...lost]),
  };
}
