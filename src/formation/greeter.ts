import type { Log } from '../ports/log.ts';
import type { PeerEndpoint, PeerReply, Peers } from '../ports/peers.ts';
import type { GenesisRecord } from '../state/genesis-record.ts';
import { type Hello, type HelloReply, helloReplySchema, type Refusal } from '../state/hello.ts';
import type { NodeId } from '../state/node-id.ts';
import { endpointOf, helloIn, ownHello, ownWordsOf, type Speaker } from './greeting.ts';
import { hear } from './hear.ts';
import {
  forgetSilent,
  type Knowledge,
  metAt,
  NOTHING_KNOWN,
  noteNoAnswer,
  noteRefusedBy,
  targetOf,
} from './knowledge.ts';
import { decidePushPull, roundAfterNews, untilDueMs } from './push-pull.ts';
import {
  type Answer,
  addTarget,
  hasFailed,
  isBeingAsked,
  noteAnswered,
  noteAsking,
  noteFailed,
  type Targets,
  troublesOf,
} from './targets.ts';

/** A node that both sides heard of from a third leaves the first word to the other for this long. */
const POLITE_MS = 200;
/** A node that is cut off just after it was named must not hold up the others for longer. */
const MEETING_MS = 3_000;

export interface GreeterDeps extends Speaker {
  readonly log: Log;
  readonly peers: Peers;
  /** After each change of what is known. */
  onKnowledge(): void;
  /** A peer, against which nothing is held, has this record. */
  onRecord(from: NodeId, record: GenesisRecord): void;
  /** The next hello may be due earlier than it was. */
  onSooner(): void;
}

/** Says hello to whoever may be a node of this cluster, answers theirs, and keeps what that teaches. */
export interface Greeter {
  knowledge(): Knowledge;
  /** Somebody may listen there. */
  consider(address: string, port: number): void;
  /** Says the hellos that are due; returns without waiting for the answers. */
  pass(): void;
  /** Says hello to a node that was met, if none is under way: whether it still answers shows. */
  greet(nodeId: NodeId): void;
  /** How long until the next hello is due. */
  untilDueMs(): number;
  /** Something that all should know: the next round comes at once. */
  noteNews(): void;
  /** Somebody was named a moment ago, and the first attempt to meet it is not over. */
  isMeeting(): boolean;
  /** Sentences about addresses at which somebody listens who is none of us. */
  troubles(): readonly string[];
  /** Replaces what is known by what `change` makes of it. */
  update(change: (knowledge: Knowledge) => Knowledge): void;
}

/** Answers hellos from now on; says its own when `pass` is called. */
export function createGreeter(deps: GreeterDeps): Greeter {
  const { clock, log, peers, random, self } = deps;
  let knowledge = NOTHING_KNOWN;
  let targets: Targets = new Map();
  let roundDueMs = clock.nowMs();

  function update(change: (knowledge: Knowledge) => Knowledge): void {
    const next = change(knowledge);
    if (next === knowledge) return;
    knowledge = next;
    deps.onKnowledge();
  }

  function noteNews(): void {
    roundDueMs = roundAfterNews(roundDueMs, clock.nowMs());
    deps.onSooner();
  }

  function consider(endpoint: PeerEndpoint, nodeId: NodeId | null): void {
    const isSelf = endpoint.port === self.peerPort && self.addresses.includes(endpoint.address);
    if (isSelf) return;
    const delayMs = nodeId !== null && nodeId < self.nodeId ? POLITE_MS : 0;
    const before = targets;
    targets = addTarget(targets, endpoint, nodeId, clock.nowMs() + delayMs);
    if (targets !== before) deps.onSooner();
  }

  /** The others know both of two with one identity only once both have spoken to them. */
  function greetAll(): void {
    for (const nodeId of knowledge.peers.keys()) greet(nodeId);
  }

  function greet(nodeId: NodeId): void {
    const endpoint = knowledge.peers.get(nodeId)?.endpoint;
    if (endpoint && !isBeingAsked(targets, endpoint)) void ask(endpoint);
  }

  function considerNamed({ heard }: Knowledge): void {
    for (const [nodeId, { endpoint }] of heard) {
      if (!knowledge.heard.has(nodeId)) consider(endpoint, nodeId);
    }
  }

  function listenTo(hello: Hello, endpoint: PeerEndpoint): Refusal | null {
    const hearing = { hello, endpoint, nowMs: clock.nowMs(), wallMs: clock.wallMs() };
    const heard = hear(knowledge, { ...self, formed: deps.formed() }, hearing);
    if (heard.isNews) noteNews();
    considerNamed(heard.knowledge);
    logChange(log, knowledge, heard.knowledge, hello, heard.refusal);
    update(() => heard.knowledge);
    if (heard.refusal !== null && hello.nodeId === self.nodeId) greetAll();
    if (heard.refusal === null && hello.record) deps.onRecord(hello.nodeId, hello.record);
    return heard.refusal;
  }

  async function ask(endpoint: PeerEndpoint): Promise<void> {
    const nodeId = metAt(knowledge, endpoint);
    const dueMs = clock.nowMs();
    targets = noteAsking(addTarget(targets, endpoint, nodeId ?? null, dueMs), endpoint, dueMs);
    try {
      const { from, hello, refusal } = await question(endpoint, nodeId);
      const answer = takeReply(from, { hello, refusal }, endpoint);
      targets = noteAnswered(targets, endpoint, from, answer, clock.nowMs());
    } catch (error) {
      targets = noteFailed(targets, endpoint, error, clock.nowMs(), random.number());
      log.debug({ event: 'peer.silent', ...endpoint, err: error }, 'peer silent');
      if (nodeId !== undefined) update((known) => noteNoAnswer(known, nodeId));
    }
    deps.onSooner();
  }

  /** Another life of a node may have answered by its own connection: only dialling tells who is there. */
  async function question(endpoint: PeerEndpoint, nodeId: NodeId | undefined): Promise<Answered> {
    const words = () => ownHello(deps, knowledge, nodeId);
    const target = nodeId === undefined ? endpoint : (targetOf(knowledge, nodeId) ?? endpoint);
    const answered = answeredIn(await peers.request(target, 'hello', words()));
    const known = nodeId === undefined ? undefined : knowledge.peers.get(nodeId);
    if (!known || known.hello.instance === answered.hello.instance) return answered;
    return answeredIn(await peers.request(endpoint, 'hello', words()));
  }

  function takeReply(from: NodeId, { hello, refusal }: HelloReply, endpoint: PeerEndpoint): Answer {
    if (from === self.nodeId && hello.instance === self.instance) return 'self';
    const ours = listenTo(ownWordsOf(from, hello), endpoint);
    update((known) => noteRefusedBy(known, hello.instance, refusal));
    return ours ? 'refused' : 'accepted';
  }

  peers.serve('hello', async (request) => {
    const hello = helloIn(request);
    const refusal = listenTo(hello, endpointOf(hello, request));
    return { hello: ownHello(deps, knowledge, hello.nodeId), refusal };
  });

  return {
    knowledge: () => knowledge,
    consider: (address, port) => consider({ address, port }, null),
    pass() {
      const nowMs = clock.nowMs();
      const epoch = deps.formed()?.epoch ?? 0;
      update((known) => forgetSilent(known, epoch > 0, nowMs));
      const input = { knowledge, targets, epoch, roundDueMs, nowMs, random: random.number };
      const decision = decidePushPull(input);
      roundDueMs = decision.roundDueMs;
      for (const endpoint of decision.ask) void ask(endpoint);
    },
    greet,
    untilDueMs: () => untilDueMs({ knowledge, targets, roundDueMs, nowMs: clock.nowMs() }),
    noteNews,
    isMeeting: () => {
      const longAgoMs = clock.nowMs() - MEETING_MS;
      return [...knowledge.heard.values()].some(
        ({ endpoint, sinceMs }) => sinceMs > longAgoMs && !hasFailed(targets, endpoint),
      );
    },
    troubles: () => troublesOf(targets),
    update,
  };
}

interface Answered extends HelloReply {
  /** Proven. */
  readonly from: NodeId;
}

function answeredIn({ from, body }: PeerReply): Answered {
  return { from, ...helloReplySchema.parse(body) };
}

function logChange(
  log: Log,
  before: Knowledge,
  after: Knowledge,
  { nodeId, hostname, instance }: Hello,
  refusal: Refusal | null,
): void {
  if (refusal && before.refused.get(instance)?.code !== refusal.code) {
    log.warn({ event: 'peer.refused', nodeId, hostname, ...refusal }, 'peer refused');
  }
  if (after.peers.has(nodeId) && !before.peers.has(nodeId)) {
    log.info({ event: 'peer.met', nodeId, hostname }, 'peer met');
  }
}
