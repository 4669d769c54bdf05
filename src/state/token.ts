import { z } from 'zod';
import { TerminalError } from '../errors.ts';
import { canonicalJson } from './canonical-json.ts';
import { type ClusterSpec, clusterSpecSchema } from './cluster-spec.ts';

const PREFIX = 'civitas1';
const JOIN_KEY_BYTES = 32;
const CHECKSUM_BYTES = 12;
const CHECKSUM_LENGTH = 16;
const MAX_LENGTH = 65_536;
const GET_IT_AGAIN = 'copy the whole line that `civitas token create` printed';

/** All that a machine needs to become part of one cluster. Whoever holds it may join. */
export interface Token {
  readonly version: 1;
  /** 32 random bytes: a secret, from which every other key of the cluster is derived. */
  readonly joinKey: Uint8Array;
  /** How many nodes the genesis is counted among. */
  readonly expectedNodes: number;
  readonly spec: ClusterSpec;
}

export type Sha256 = (data: Uint8Array) => Uint8Array;

const joinKeySchema = z
  .base64url()
  .transform((text): Uint8Array => new Uint8Array(Buffer.from(text, 'base64url')))
  .refine(({ length }) => length === JOIN_KEY_BYTES, 'must be 32 bytes');

const payloadSchema = z.strictObject({
  version: z.literal(1),
  joinKey: joinKeySchema,
  expectedNodes: z.int().min(1).max(1_000),
  spec: z.unknown(),
});

/** The one line of a token file: `civitas1.<payload>.<checksum>`, base64url of canonical JSON and of SHA-256. */
export function encodeToken(token: Token, sha256: Sha256): string {
  const joinKey = Buffer.from(token.joinKey).toString('base64url');
  const payload = Buffer.from(canonicalJson({ ...token, joinKey })).toString('base64url');
  const signed = `${PREFIX}.${payload}`;
  return `${signed}.${checksum(signed, sha256)}`;
}

/** Throws TerminalError `token.<what>` with the cure; the message never repeats a part of the token. */
export function decodeToken(text: string, sha256: Sha256): Token {
  const { spec, ...rest } = parsePayload(unwrap(text.trim(), sha256));
  return { ...rest, spec: parseSpec(spec) };
}

/**
 * What a node tells of its token: equal exactly when tokens are equal. It gives nothing away,
 * since the key in it has 256 random bits and is hashed apart from everything known.
 */
export function tokenDigest({ version, joinKey, expectedNodes, spec }: Token, sha256: Sha256) {
  const keyTag = sha256(Buffer.concat([Buffer.from('civitas-token-key\n'), joinKey]));
  const known = canonicalJson({ version, expectedNodes, spec });
  return Buffer.from(
    sha256(Buffer.concat([Buffer.from('civitas-token-digest\n'), keyTag, Buffer.from(known)])),
  ).toString('hex');
}

function unwrap(line: string, sha256: Sha256): string {
  if (line.length > MAX_LENGTH)
    throw refused('too-long', `it is longer than 64 KiB: ${GET_IT_AGAIN}`);
  const [prefix = '', payload = '', sum = '', ...more] = line.split('.');
  if (prefix !== PREFIX) throw refusedPrefix(prefix);
  if (more.length === 0 && sum.length < CHECKSUM_LENGTH) {
    throw refused('truncated', `its end is missing: ${GET_IT_AGAIN}`);
  }
  if (more.length > 0 || sum !== checksum(`${prefix}.${payload}`, sha256)) {
    throw refused('altered', `its checksum does not match: ${GET_IT_AGAIN}`);
  }
  return Buffer.from(payload, 'base64url').toString();
}

function refusedPrefix(prefix: string): TerminalError {
  if (PREFIX.startsWith(prefix) && prefix !== '') {
    return refused('truncated', `its end is missing: ${GET_IT_AGAIN}`);
  }
  if (/^civitas\d{1,4}$/.test(prefix)) {
    return refused(
      'foreign-version',
      `it is of format ${prefix}, this is an agent of ${PREFIX}: use an agent of the same release as the one that made the token`,
    );
  }
  return refused('wrong-prefix', `it does not begin with ${PREFIX}: ${GET_IT_AGAIN}`);
}

function parsePayload(json: string) {
  const payload = parseJson(json);
  const { success, data, error } = payloadSchema.safeParse(payload);
  if (success) return data;
  const [issue] = error.issues;
  if (issue?.code === 'unrecognized_keys') {
    throw refused(
      'unknown-fields',
      `it has the unknown field ${issue.keys.join(', ')}: use an agent of the release that made the token`,
    );
  }
  if (issue?.path[0] === 'version') {
    throw refused(
      'foreign-version',
      'its payload is of another version: use an agent of the release that made the token',
    );
  }
  throw refused(
    'bad-field',
    `its field ${issue?.path.join('.')} is wrong: make a new one with \`civitas token create\``,
  );
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw refused('altered', `its payload is not JSON: ${GET_IT_AGAIN}`, { cause });
  }
}

function parseSpec(input: unknown): ClusterSpec {
  const { success, data, error } = clusterSpecSchema.safeParse(input);
  if (success) return data;
  const [issue] = error.issues;
  const field = ['spec', ...(issue?.path ?? [])].join('.');
  throw refused(
    'bad-spec',
    `its ${field} is wrong (${issue?.message}): make a new one with \`civitas token create\``,
  );
}

function checksum(text: string, sha256: Sha256): string {
  const digest = sha256(Buffer.from(text));
  return Buffer.from(digest.subarray(0, CHECKSUM_BYTES)).toString('base64url');
}

function refused(what: string, why: string, options?: ErrorOptions): TerminalError {
  return new TerminalError(`token.${what}`, `The token is refused because ${why}.`, options);
}
