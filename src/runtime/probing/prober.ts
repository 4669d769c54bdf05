import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Peers } from '../../ports/peers.ts';
import type { Store } from '../../ports/store.ts';
import type { ClockSight } from '../../state/clock-agreement.ts';
import type { Node } from '../../state/node.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { Probe } from '../../state/probe.ts';
import { createProbeBook } from '../../state/probe-book.ts';
import { probeTargets } from '../../state/probe-targets.ts';
import { createRoundTrips } from '../../state/round-trips.ts';
import { type PingAnswer, pingAnswerIn } from './answer-pings.ts';

/** With the time that silence takes: a node that died is found silent within 5 s. */
const CALM_MS = 2_000;
/** While somebody owes an answer. */
const UNEASY_MS = 1_000;
/** A timer of this process that comes so late says that the process stood still. */
const STALL_MS = 1_000;
/** What nobody has said for so long says nothing of a clock any more. */
const CLOCK_OUTDATED_MS = 60_000;

interface ClockAnswer {
  readonly wallMs: number;
  /** When it came, by our monotonic clock. */
  readonly atMs: number;
}

export interface ProberDeps {
  readonly clock: Clock;
  readonly log: Pick<Log, 'debug'>;
  readonly peers: Pick<Peers, 'request'>;
  readonly self: { readonly nodeId: NodeId };
  readonly store: Pick<Store, 'get' | 'list' | 'onChange'>;
  /** Called when others than before do not answer, with all that is found. */
  onNews(probes: readonly Probe[]): void;
}

export interface Prober {
  probes(): readonly Probe[];
  clocks(): readonly ClockSight[];
  /** As `Observers` tells it. */
  roundTripMs(): number | undefined;
  /** Resolves once no pass is under way. */
  stop(): Promise<void>;
}

/** Asks other nodes again and again whether they are there. */
export function startProber(deps: ProberDeps): Prober {
  const { clock, log, peers, self, store, onNews } = deps;
  const stopping = new AbortController();
  const book = createProbeBook();
  const asking = new Set<NodeId>();
  const roundTrips = createRoundTrips();
  const clockAnswers = new Map<NodeId, ClockAnswer>();
  let targets: readonly Node[] = [];
  let isOutdated = true;
  let seen: readonly Probe[] = [];
  let told = '[]';

  const unsubscribe = store.onChange((kind) => {
    isOutdated ||= kind === 'node' || kind === 'liveness';
  });

  function choose(): void {
    if (!isOutdated) return;
    isOutdated = false;
    targets = chosenFrom(deps, targets, book.missing());
    book.watch(targets);
    const chosen = targets.map(({ nodeId }) => nodeId);
    roundTrips.watch(chosen);
    for (const nodeId of clockAnswers.keys()) {
      if (!chosen.includes(nodeId)) clockAnswers.delete(nodeId);
    }
  }

  /** That nobody answers, for whatever reason, is what is being asked. */
  async function ask({ nodeId, addresses, peerPort }: Node): Promise<void> {
    const target = { nodeId, address: addresses[0] ?? '', port: peerPort };
    const askedMs = clock.nowMs();
    asking.add(nodeId);
    book.asked(nodeId, askedMs);
    try {
      const { from, body } = await peers.request(target, 'ping', null);
      noteAnswer(nodeId, from, pingAnswerIn(body), askedMs);
    } catch (err) {
      log.debug({ event: 'ping.unanswered', nodeId, err }, 'ping unanswered');
    }
    asking.delete(nodeId);
  }

  function noteAnswer(asked: NodeId, from: NodeId, answer: PingAnswer, askedMs: number): void {
    // An address of ours in the record of another node: nobody was asked.
    if (from === self.nodeId) return;
    const { incarnation, wallMs } = answer;
    const nowMs = clock.nowMs();
    book.answered(asked, { nodeId: from, incarnation });
    if (from === asked) roundTrips.answered(asked, nowMs - askedMs, nowMs);
    if (wallMs !== undefined) clockAnswers.set(asked, { wallMs, atMs: nowMs });
  }

  function tellNews(): void {
    const probes = book.probes();
    if (probes === seen) return;
    seen = probes;
    const missing = JSON.stringify(probes.filter(({ finding }) => finding !== 'reached'));
    if (missing === told) return;
    told = missing;
    isOutdated = true;
    onNews(probes);
  }

  /** Returns for how long nothing is to be done. */
  function pass(): number {
    const isCalm = book.isCalm();
    book.look(clock.nowMs());
    tellNews();
    choose();
    for (const node of targets) if (!asking.has(node.nodeId)) void ask(node);
    return isCalm ? CALM_MS : UNEASY_MS;
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const restMs = pass();
      const dueMs = clock.nowMs() + restMs;
      await clock.sleep(restMs, stopping.signal);
      if (clock.nowMs() - dueMs > STALL_MS) book.excuse(clock.nowMs());
    }
  }

  function clockOf({ nodeId }: Node): ClockSight {
    const answer = clockAnswers.get(nodeId);
    const agoMs = answer ? clock.nowMs() - answer.atMs : Number.POSITIVE_INFINITY;
    if (!answer || agoMs > CLOCK_OUTDATED_MS) return { nodeId, aheadMs: null };
    return { nodeId, aheadMs: answer.wallMs + agoMs - clock.wallMs() };
  }

  const running = run();
  return {
    probes: () => book.probes(),
    clocks: () => targets.map(clockOf),
    roundTripMs: () => roundTrips.typicalMs(targets.map(({ nodeId }) => nodeId)),
    async stop() {
      stopping.abort();
      unsubscribe();
      await running;
    },
  };
}

function chosenFrom(
  { self, store }: ProberDeps,
  before: readonly Node[],
  missing: readonly NodeId[],
): readonly Node[] {
  const nodes = store.list('node').map(({ value }) => value);
  const verdicts = store.list('liveness').map(({ value }) => value);
  const dead = new Set(
    verdicts.filter(({ verdict }) => verdict === 'dead').map(({ nodeId }) => nodeId),
  );
  const deadBefore = before.map(({ nodeId }) => nodeId).filter((nodeId) => dead.has(nodeId));
  const kept = new Set([...missing, ...deadBefore]);
  return probeTargets({ self: self.nodeId, nodes, dead, kept });
}
