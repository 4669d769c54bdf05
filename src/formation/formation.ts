import type { Clock } from '../ports/clock.ts';
import type { Crypto } from '../ports/crypto.ts';
import type { Discovery } from '../ports/discovery.ts';
import type { Durable } from '../ports/durable.ts';
import type { Log } from '../ports/log.ts';
import type { PeerEndpoint, Peers } from '../ports/peers.ts';
import type { Random } from '../ports/random.ts';
import type { ClusterSpec } from '../state/cluster-spec.ts';
import type { GenesisRecord } from '../state/genesis-record.ts';
import type { LogReport, ReplicaFate } from '../state/log-report.ts';
import type { NodeId } from '../state/node-id.ts';
import { createAlarms } from './alarms.ts';
import { createBeat } from './beat.ts';
import { coalesced } from './coalesced.ts';
import { openEpochs } from './epochs.ts';
import type { Timings } from './genesis/config.ts';
import { createGenesisLink, genesisPeers } from './genesis-link.ts';
import { createGreeter } from './greeter.ts';
import type { OwnFacts } from './greeting.ts';
import { createRecordIntake } from './record-intake.ts';
import { openRecordKeeper } from './record-keeper.ts';
import { createRefounding } from './refounding.ts';
import { isTakenForCopy } from './refusal.ts';
import { createPeerMemory } from './remember-peers.ts';
import { createSuccession } from './succession.ts';
import { type FormationView, viewOf } from './view.ts';

/** While two of one identity run, everybody hears of both several times within this. */
const FRESH_MS = 30_000;

export interface FormationDeps {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly discovery: readonly Discovery[];
  readonly durable: Durable;
  readonly log: Log;
  readonly peers: Peers;
  readonly random: Random;
  readonly self: OwnFacts;
  /** From the token. */
  readonly expectedNodes: number;
  readonly spec: ClusterSpec;
  readonly timings?: Timings;
}

/** A node, and where it was met last. */
export interface MetPeer extends PeerEndpoint {
  readonly nodeId: NodeId;
}

/**
 * From the start of the process to a genesis record, and from then on the peers' meeting point; and
 * to the record of the next epoch, when that log never came up.
 */
export interface Formation {
  /** Resolves once this node has a record on disk; rejects when its state cannot be written. */
  readonly formed: Promise<GenesisRecord>;
  /** What this node holds now; null until formed. Later epochs replace it. */
  record(): GenesisRecord | null;
  /** Resolves once this node has the record of a later epoch than this one on disk; maybe never. */
  successor(epoch: number): Promise<GenesisRecord>;
  /**
   * To be told about every second until that log worked here, as `LogReport` says. Resolves once
   * what follows from it is on disk.
   */
  reportLog(epoch: number, report: LogReport): Promise<void>;
  /** What whoever runs this node's replicas of a log has to bring about. */
  replicaFate(epoch: number): ReplicaFate;
  view(): FormationView;
  /**
   * Others found that this process runs from a copy of a state directory, whose original lives: it must
   * change nothing in the name of that node.
   */
  isCopy(): boolean;
  /** Where the other nodes were met. */
  endpoints(): readonly MetPeer[];
  /** Takes over a record that came by another way, such as a later epoch; resolves once on disk. */
  learn(record: GenesisRecord): Promise<void>;
  /** Ends discovery and the beat, and writes down whom it met; the peers' port stays, it is the caller's. */
  stop(): Promise<void>;
}

/** Rejects when the state directory cannot be read: TerminalError `state.corrupted` or `state.disk`. */
export async function startFormation(deps: FormationDeps): Promise<Formation> {
  const { clock, discovery, log, self } = deps;
  const startedMs = clock.nowMs();
  const startedWallMs = Math.round(clock.wallMs());
  const { promise: formed, resolve, reject } = Promise.withResolvers<GenesisRecord>();
  const alarms = createAlarms(log);
  const onFatal = (error: unknown): void => {
    log.error({ event: 'formation.failed', err: error }, 'formation failed');
    reject(error);
  };
  // Told to the log above; whoever awaits `formed` later still sees it.
  formed.catch(() => undefined);

  const beat = createBeat(clock);
  const succession = createSuccession();
  const keeper = await openRecordKeeper({
    ...deps,
    async onKept(record) {
      await epochs.follow(record);
      await refounding.begin();
      resolve(record);
      succession.tell(record);
      greeter.noteNews();
    },
  });
  const epochs = await openEpochs(
    {
      ...deps,
      knowledge: () => greeter.knowledge(),
      send: (to, message) => send(to, message),
      onFormed: keeper.keep,
      onForeignRecord: (from, { clusterId }) => alarms.raise(foreignRecord(from, clusterId)),
      onFatal,
    },
    keeper.record(),
  );
  const nextEpoch = () => (keeper.record()?.epoch ?? 0) + 1;
  const know = coalesced(() =>
    epochs.current().know(genesisPeers(greeter.knowledge(), nextEpoch())),
  );
  const refounding = createRefounding({
    ...deps,
    record: keeper.record,
    genesis: epochs.current,
    answers: (nodeId) => greeter.knowledge().peers.get(nodeId)?.answers ?? false,
    greet: (nodeId) => greeter.greet(nodeId),
    onGivenUp() {
      know();
      beat.wake();
    },
  });
  const isForming = () => keeper.record() === null || refounding.hasGivenUp();
  const intake = createRecordIntake({ ...deps, alarms, epochs, keeper, onFatal });
  const write = await createPeerMemory(deps.durable, log);
  const remember = () => write(greeter.knowledge()).catch(onFatal);
  const greeter = createGreeter({
    ...deps,
    startedWallMs,
    formed: keeper.record,
    // A node at rest tells its record by its hello, and writes down nobody.
    onKnowledge: () => (isForming() ? know() : undefined),
    onRecord: intake.hear,
    onSooner: beat.wake,
  });
  const { overhear } = refounding;
  const send = createGenesisLink({ ...deps, greeter, genesisOf: epochs.of, overhear });

  await intake.resume(self.nodeId);
  const record = keeper.record();
  if (record) {
    await refounding.begin();
    resolve(record);
  }
  const searches = discovery.map((provider) => provider.start(greeter.consider));
  beat.start({
    isForming,
    // The founder places the log on nodes that it met, so it first meets those it just heard of.
    mayPropose: () => !greeter.isMeeting(),
    greet: greeter.pass,
    untilGreetMs: greeter.untilDueMs,
    remember: coalesced(remember),
    tick: coalesced(() => epochs.current().tick()),
  });

  return {
    formed,
    record: keeper.record,
    successor: (epoch) => succession.after(epoch, keeper.record()),
    reportLog: refounding.report,
    replicaFate: refounding.fate,
    view: () =>
      viewOf({
        clock,
        self,
        record: keeper.record(),
        discovery: discovery.map((provider) => provider.health()),
        knowledge: greeter.knowledge(),
        troubles: greeter.troubles(),
        waiting: isForming() ? epochs.current().waiting() : undefined,
        alarms: alarms.list(),
      }),
    endpoints: () =>
      [...greeter.knowledge().peers].map(([nodeId, { endpoint }]) => ({ ...endpoint, nodeId })),
    isCopy() {
      const isFresh = clock.nowMs() - startedMs < FRESH_MS;
      return isTakenForCopy(greeter.knowledge(), { ...self, startedWallMs }, isFresh);
    },
    learn: (learned) => intake.take(self.nodeId, learned),
    async stop() {
      beat.stop();
      await Promise.all(searches.map((search) => search.stop()));
      // Who was met since the last beat is where the next start begins.
      await remember();
    },
  };
}

function foreignRecord(from: NodeId, clusterId: string): string {
  return `Node ${from} belongs to another cluster, ${clusterId}, made from the same token: the two are never merged; wipe the nodes of the one that is not wanted.`;
}
