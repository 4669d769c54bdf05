import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { ResponsePacket } from 'multicast-dns';

export const SERVICE = '_civitas._tcp.local';

const VERSION = '1';
const TTL_SECONDS = 120;
const TAG_DIGITS = 32;

export type Answers = NonNullable<ResponsePacket['answers']>;

/** What one start of the agent tells the link: nothing but a port and that it holds a certain join key. */
interface Announcement {
  /** A random name, new for each start of the process. */
  readonly instance: string;
  readonly port: number;
}

export interface Announcer {
  readonly announcement: Announcement;
  /** The records of the announcement; with a lifetime of 0 they take it back. */
  records(lifetime?: 'goodbye'): Answers;
}

export interface Candidate extends Announcement {
  readonly isOurs: boolean;
}

/** Names and hashes of this cluster: `tag` proves that the announcer holds the join key, to holders only. */
export function createAnnouncer(joinKey: Uint8Array, port: number): Announcer {
  const instance = randomBytes(8).toString('hex');
  const name = `${instance}.${SERVICE}`;
  const salt = randomBytes(8).toString('hex');
  const tag = tagOf(tagKey(joinKey), salt, port);
  const txt = [`v=${VERSION}`, `p=${port}`, `s=${salt}`, `h=${tag}`];
  return {
    announcement: { instance, port },
    records(lifetime) {
      const ttl = lifetime === 'goodbye' ? 0 : TTL_SECONDS;
      return [
        { name: SERVICE, type: 'PTR', ttl, data: name },
        { name, type: 'SRV', ttl, data: { port, target: `${instance}.local` } },
        { name, type: 'TXT', ttl, data: txt },
      ];
    },
  };
}

/** Finds the announcements in a packet and whether they are of holders of `joinKey`; others are told apart, not known. */
export function createCandidateReader(joinKey: Uint8Array): (answers: Answers) => Candidate[] {
  const key = tagKey(joinKey);
  return (answers) =>
    answers.flatMap((answer) => {
      if (answer.type !== 'TXT' || answer.ttl === 0) return [];
      const instance = instanceOf(answer.name);
      return instance === undefined ? [] : candidateOf(instance, fieldsOf(answer.data), key);
    });
}

/** The instances that a query says it knows already (RFC 6762 section 7.1). */
export function knownInstances(answers: Answers): readonly string[] {
  return answers.flatMap((answer) =>
    answer.type === 'PTR' ? (instanceOf(answer.data) ?? []) : [],
  );
}

/** The record by which a query says that it knows an instance. */
export function pointerTo(instance: string): Answers[number] {
  return { name: SERVICE, type: 'PTR', ttl: TTL_SECONDS, data: `${instance}.${SERVICE}` };
}

function candidateOf(instance: string, fields: Map<string, string>, key: Buffer): Candidate[] {
  const port = Number(fields.get('p'));
  const isPort = Number.isInteger(port) && port >= 1 && port <= 65_535;
  if (fields.get('v') !== VERSION || !isPort) return [];
  const isOurs = fields.get('h') === tagOf(key, fields.get('s') ?? '', port);
  return [{ instance, port, isOurs }];
}

function instanceOf(name: string): string | undefined {
  const suffix = `.${SERVICE}`;
  return name.toLowerCase().endsWith(suffix) ? name.slice(0, -suffix.length) : undefined;
}

function fieldsOf(data: unknown): Map<string, string> {
  const texts = (Array.isArray(data) ? data : [data]).map(String);
  return new Map(
    texts.map((text) => {
      const [name = '', value = ''] = text.split('=', 2);
      return [name, value];
    }),
  );
}

function tagKey(joinKey: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', joinKey, '', 'civitas-mdns-v1', 32));
}

function tagOf(key: Buffer, salt: string, port: number): string {
  return createHmac('sha256', key).update(`${salt} ${port}`).digest('hex').slice(0, TAG_DIGITS);
}
