import type { Ports } from '../../ports/index.ts';
import { isManifest } from '../../state/drift.ts';
import { SINGLETON } from '../../state/kinds.ts';
import { seenForMs, withSightings } from '../../state/sightings.ts';
import { type Baseline, baselineSchema, NO_BASELINE } from './baseline.ts';
import { findFiles } from './find-files.ts';
import { isConfigMap } from './items.ts';
import type { Memory } from './memory.ts';
import { observeConfigMaps } from './observe-config-maps.ts';
import { observeHost } from './observe-host.ts';
import { observeNode } from './observe-node.ts';
import type { HostView, Observed, Turn } from './observed.ts';
import { EMPTY_BOOK, type RepairBook, repairBookSchema } from './repair-book.ts';
import { rosterNow, whyNotNow } from './turn.ts';
import { standing } from './under-way.ts';
import { WATCHED_FILES } from './watched-files.ts';

/** Names of durable files. */
export const BASELINE = 'drift-baseline';
export const REPAIRS = 'drift-repairs';

/** A static pod that was swapped serves again by then, and its neighbours know. */
const SETTLES_MS = 60_000;

export async function observe(ports: Ports, clusterId: string, memory: Memory): Promise<Observed> {
  const { clock, durable, self, store } = ports;
  const stand = await standing(ports);
  const spec = store.get('spec', SINGLETON)?.value;
  if (stand.state === 'not-serving' || spec === undefined) return { state: 'not-serving' };
  memory.baseline ??= (await durable.read(BASELINE, baselineSchema)) ?? NO_BASELINE;
  const { baseline } = memory;
  if (stand.state === 'under-way') return { ...stand, baseline };

  const { assignment } = stand;
  memory.book ??= (await durable.read(REPAIRS, repairBookSchema)) ?? EMPTY_BOOK;
  const { book } = memory;
  const host = await observeHost(ports, assignment, memory);
  const reported = store.get('drift', self.nodeId);
  return {
    state: 'serving',
    nodeId: self.nodeId,
    incarnation: self.incarnation,
    policy: spec.drift.policy,
    wallMs: clock.wallMs(),
    baseline,
    mark: stand.mark,
    book,
    reported,
    host,
    node: await observeNode(ports, assignment, memory),
    configMaps: await observeConfigMaps(
      ports,
      { clusterId, spec, deviate: deviates(book) },
      memory,
    ),
    turn: await observeTurn(ports, { book, baseline, host }, memory),
  };
}

interface Question {
  readonly book: RepairBook;
  readonly baseline: Baseline;
  readonly host: HostView;
}

async function observeTurn(ports: Ports, question: Question, memory: Memory): Promise<Turn> {
  const { clock, kube, self, store } = ports;
  const touched = question.book.items.filter(({ item, present }) => present && isManifest(item));
  if (touched.length === 0) return NOTHING_TO_DO;
  const isReady = await kube.localApiServerReady();
  const right = isReady ? rightManifests(question) : [];
  const told = `told ${store.get('drift', self.nodeId)?.revision}`;
  const nowMs = clock.nowMs();
  memory.sightings = withSightings(memory.sightings, [told, ...right], nowMs);
  const isSettled = (item: string) => seenForMs(memory.sightings, item, nowMs) >= SETTLES_MS;
  const settling = touched.map(({ item }) => item).filter((item) => !isSettled(item));
  const toldForMs = seenForMs(memory.sightings, told, nowMs);
  const why = whyNotNow(ports, rosterNow(ports), { toldForMs });
  return { servesAnyway: !isReady, why, settling: new Set(settling) };
}

function deviates({ items }: RepairBook): boolean {
  return items.some(({ item, present }) => present && isConfigMap(item));
}

const NOTHING_TO_DO: Turn = { servesAnyway: false, why: undefined, settling: new Set() };

function rightManifests({ baseline, host }: Question): readonly string[] {
  const wrong = findFiles(baseline, host).map(({ item }) => item);
  return WATCHED_FILES.flatMap(({ item }) =>
    isManifest(item) && !wrong.includes(item) ? [item] : [],
  );
}
