import type { Clock } from '../ports/clock.ts';
import type { Crypto } from '../ports/crypto.ts';
import type { Discovery } from '../ports/discovery.ts';
import type { Durable } from '../ports/durable.ts';
import type { Log } from '../ports/log.ts';
import type { Peers } from '../ports/peers.ts';
import type { Random } from '../ports/random.ts';
import type { ClusterSpec } from '../state/cluster-spec.ts';
import type { GenesisRecord } from '../state/genesis-record.ts';
import type { NodeId } from '../state/node-id.ts';
import { createAlarms } from './alarms.ts';
import { coalesced } from './coalesced.ts';
import { type GenesisConfig, genesisTimings, type Timings } from './genesis/config.ts';
import { createGenesisDriver } from './genesis-driver.ts';
import { createGenesisLink, genesisPeers } from './genesis-link.ts';
import { createGreeter } from './greeter.ts';
import type { OwnFacts } from './greeting.ts';
import type { Knowledge } from './knowledge.ts';
import { createRecordIntake } from './record-intake.ts';
import { openRecordKeeper } from './record-keeper.ts';
import { recordProposer } from './record-proposer.ts';
import { createPeerMemory } from './remember-peers.ts';
import { type FormationView, viewOf } from './view.ts';

const FORMING_BEAT_MS = 100;
const FORMED_BEAT_MS = 500;
const EPOCH = 1;

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

/** From the start of the process to a genesis record, and from then on the peers' meeting point. */
export interface Formation {
  /** Resolves once this node has the record on disk; rejects when its state cannot be written. */
  readonly formed: Promise<GenesisRecord>;
  /** What this node holds now; null until formed. Later epochs replace it. */
  record(): GenesisRecord | null;
  view(): FormationView;
  /** Takes over a record that came by another way, such as a later epoch; resolves once on disk. */
  learn(record: GenesisRecord): Promise<void>;
  /** Ends discovery and the beat; the peers' port stays, it is the caller's. */
  stop(): Promise<void>;
}

/** Rejects when the state directory cannot be read: TerminalError `state.corrupted` or `state.disk`. */
export async function startFormation(deps: FormationDeps): Promise<Formation> {
  const { clock, discovery, log, self } = deps;
  const { promise: formed, resolve, reject } = Promise.withResolvers<GenesisRecord>();
  const alarms = createAlarms(log);
  const onFatal = (error: unknown): void => {
    log.error({ event: 'formation.failed', err: error }, 'formation failed');
    reject(error);
  };
  // Told to the log above; whoever awaits `formed` later still sees it.
  formed.catch(() => undefined);

  const keeper = await openRecordKeeper({
    ...deps,
    onKept(record) {
      resolve(record);
      greeter.noteNews();
    },
  });
  const driver = await createGenesisDriver({
    ...deps,
    config: genesisConfig(deps, () => greeter.knowledge()),
    send: (to, message) => send(to, message),
    onFormed: keeper.keep,
    onForeignRecord: (from, { clusterId }) => alarms.raise(foreignRecord(from, clusterId)),
    onFatal,
  });
  const intake = createRecordIntake({ ...deps, alarms, driver, keeper, epoch: EPOCH, onFatal });
  const remember = await createPeerMemory(deps.durable, log);
  const know = coalesced(() => driver.know(genesisPeers(greeter.knowledge())));
  const greeter = createGreeter({
    ...deps,
    formed: keeper.record,
    // A formed node tells the record by its hello.
    onKnowledge: () => (keeper.record() === null ? know() : undefined),
    onRecord: intake.hear,
  });
  const takesPart = () => (keeper.record()?.epoch ?? EPOCH) === EPOCH;
  const send = createGenesisLink({ ...deps, greeter, driver, takesPart });

  await intake.resume(self.nodeId);
  const record = keeper.record();
  if (record) resolve(record);
  const searches = discovery.map((provider) => provider.start(greeter.consider));
  const stopBeat = startBeat(clock, {
    isForming: () => keeper.record() === null,
    // The founder places the log on nodes that it met, so it first meets those it just heard of.
    mayPropose: () => !greeter.isMeeting(),
    greet: greeter.pass,
    remember: coalesced(() => remember(greeter.knowledge()).catch(onFatal)),
    tick: coalesced(driver.tick),
  });

  return {
    formed,
    record: keeper.record,
    view: () =>
      viewOf({
        clock,
        record: keeper.record(),
        discovery: discovery.map((provider) => provider.health()),
        knowledge: greeter.knowledge(),
        troubles: greeter.troubles(),
        waiting: driver.waiting(),
        alarms: alarms.list(),
      }),
    learn: (learned) => intake.take(self.nodeId, learned),
    async stop() {
      await Promise.all([stopBeat(), ...searches.map((search) => search.stop())]);
    },
  };
}

interface Beat {
  isForming(): boolean;
  mayPropose(): boolean;
  greet(): void;
  remember(): void;
  tick(): void;
}

function startBeat(clock: Clock, beat: Beat): () => Promise<void> {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      beat.greet();
      beat.remember();
      if (beat.isForming() && beat.mayPropose()) beat.tick();
      await clock.sleep(beat.isForming() ? FORMING_BEAT_MS : FORMED_BEAT_MS, stopping.signal);
    }
  })();
  return () => {
    stopping.abort();
    return running;
  };
}

function genesisConfig(
  { crypto, random, self, expectedNodes, spec, timings }: FormationDeps,
  knowledge: () => Knowledge,
): GenesisConfig<GenesisRecord> {
  const facts = { crypto, random, self, epoch: EPOCH, expectedNodes, spec, knowledge };
  return {
    nodeId: self.nodeId,
    instance: { epoch: EPOCH, expectedNodes, replaces: null },
    timings: timings ?? genesisTimings,
    propose: recordProposer(facts),
    idOf: ({ clusterId }) => clusterId,
  };
}

function foreignRecord(from: NodeId, clusterId: string): string {
  return `Node ${from} belongs to another cluster, ${clusterId}, made from the same token: the two are never merged; wipe the nodes of the one that is not wanted.`;
}
