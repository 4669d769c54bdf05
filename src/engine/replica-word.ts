import { z } from 'zod';
import type {
  AskMembers,
  ReplicaAnswer,
  ReplicaQuestion,
} from '../controllers/log-replica/hearsay.ts';
import { RetryableError } from '../errors.ts';
import type { MetPeer } from '../formation/formation.ts';
import type { Peers } from '../ports/peers.ts';
import type { Random } from '../ports/random.ts';
import type { StoreHandle } from '../ports/store.ts';
import { parseEntryPath } from '../state/keys.ts';
import { SINGLETON } from '../state/kinds.ts';
import { replicaSetSchema } from '../state/replicas.ts';

const questionSchema = z.object({ log: z.string().max(100) });
const answerSchema = z.object({ replicas: replicaSetSchema.nullable() });

interface Deps {
  readonly peers: Peers;
  readonly random: Random;
  /** Name of the log. */
  readonly name: string;
  readonly store: Pick<StoreHandle, 'get' | 'list' | 'problems'>;
  /** Where the others were met. */
  endpoints(): readonly MetPeer[];
}

/** Asks other agents where the replicas of the log are, and from now on tells them. */
export function createReplicaWord({ peers, random, endpoints, ...own }: Deps): AskMembers {
  peers.serve('replicas', async ({ body }) => {
    const { log } = questionSchema.parse(body);
    if (own.name !== log) throw otherLog(log);
    if (own.store.problems().some(isSet)) throw unreadSet(log);
    return { replicas: own.store.get('replicas', SINGLETON)?.value ?? null };
  });

  async function ask(node: MetPeer, log: string): Promise<ReplicaAnswer> {
    const { from, body } = await peers.request(node, 'replicas', { log });
    return { nodeId: from, replicas: answerSchema.parse(body).replicas };
  }

  /** As they enrolled, or else as they were met: a node that just came has no copy of the log. */
  function addresses(): readonly MetPeer[] {
    const enrolled = own.store.list('node').map(({ value }): MetPeer => {
      const {
        nodeId,
        addresses: [address = ''],
        peerPort,
      } = value;
      return { nodeId, address, port: peerPort };
    });
    const met = endpoints();
    const unmet = enrolled.filter(({ nodeId }) => !met.some((each) => each.nodeId === nodeId));
    return [...met, ...unmet];
  }

  function chosen({ nodeIds, others }: ReplicaQuestion): readonly MetPeer[] {
    const all = addresses();
    const named = all.filter(({ nodeId }) => nodeIds.includes(nodeId));
    const rest = all.filter((each) => !named.includes(each));
    const from = rest.length === 0 ? 0 : Math.floor(random.number() * rest.length);
    return [...named, ...[...rest.slice(from), ...rest.slice(0, from)].slice(0, others)];
  }

  return async (question) => {
    if (question.isEnough([])) return [];
    const asked = chosen(question).map((node) => ask(node, question.log));
    return firstEnough(question, asked);
  };
}

async function firstEnough(
  { isEnough }: ReplicaQuestion,
  asked: readonly Promise<ReplicaAnswer>[],
): Promise<readonly ReplicaAnswer[]> {
  const answers: ReplicaAnswer[] = [];
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  const all = asked.map(async (asking) => {
    // Whoever does not answer, or is of another log, says nothing.
    const answer = await asking.catch(() => undefined);
    if (answer) answers.push(answer);
    if (isEnough(answers)) resolve();
  });
  await Promise.race([enough, Promise.all(all)]);
  return [...answers];
}

function isSet({ path }: { readonly path: string }): boolean {
  return parseEntryPath(path)?.kind === 'replicas';
}

/** Whoever took its silence for the set of genesis could bring back a replica that lost its place. */
function unreadSet(name: string): RetryableError {
  return new RetryableError(
    'log.unread-set',
    `This node can not read where the replicas of the log ${name} are: bring its civitas to the release that wrote it; another one is asked meanwhile.`,
  );
}

function otherLog(name: string): RetryableError {
  return new RetryableError(
    'log.other-log',
    `This node knows nothing of the log ${name}: nothing is to be done, another one is asked.`,
  );
}
