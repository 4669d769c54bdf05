import type { TraceEntry } from '../trace/entry.ts';
import { logWorks } from './log-works.ts';
import type { Sight } from './outside-view.ts';
import type { TimelineLine } from './timeline-line.ts';
import { toldByTrace } from './told-by-trace.ts';

type Seen = Pick<Sight, 'apiServers' | 'readyNodes'>;

const EVERYBODY = '*';

/** All that people would tell of a run, by time. Pure. */
export function timeline(
  entries: readonly TraceEntry[],
  sights: readonly Sight[],
): readonly TimelineLine[] {
  const wholes = entries.filter(({ type }) => type === 'script.whole');
  // Of one moment: first what happened, then what was seen of it, and that all is well comes last.
  const lines = [
    ...toldByTrace(entries),
    ...toldByLog(entries),
    ...toldBySights(sights),
    ...wholes.map(({ atMs }) => ({ atMs, host: EVERYBODY, text: 'the cluster is whole' })),
  ];
  return lines.toSorted((a, b) => a.atMs - b.atMs);
}

function toldByLog(entries: readonly TraceEntry[]): readonly TimelineLine[] {
  return logWorks(entries).map(({ atMs, works }, index) => {
    const again = index === 0 ? 'the log works' : 'the log works again';
    const text = works ? again : 'the log has no leader: nothing can be decided';
    return { atMs, host: EVERYBODY, text };
  });
}

function toldBySights(sights: readonly Sight[]): readonly TimelineLine[] {
  return sights.flatMap((sight, index) => {
    const before = sights[index - 1] ?? { apiServers: [], readyNodes: [] };
    return sightLines(sight, before).map((line) => ({ atMs: sight.atMs, ...line }));
  });
}

function sightLines(now: Seen, before: Seen): readonly Omit<TimelineLine, 'atMs'>[] {
  const came = now.readyNodes.filter((name) => !before.readyNodes.includes(name));
  const went = before.readyNodes.filter((name) => !now.readyNodes.includes(name));
  const [answers, answered] = [now.apiServers.length > 0, before.apiServers.length > 0];
  const api = answers ? 'the API answers' : 'no API server answers';
  return [
    ...(answers === answered ? [] : [{ host: EVERYBODY, text: api }]),
    ...came.map((host) => ({ host, text: 'is Ready' })),
    ...went.map((host) => ({ host, text: 'is NotReady' })),
  ];
}
