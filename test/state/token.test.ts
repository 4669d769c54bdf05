import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TerminalError } from '../../src/errors.ts';
import { canonicalJson } from '../../src/state/canonical-json.ts';
import { clusterSpecSchema } from '../../src/state/cluster-spec.ts';
import { decodeToken, encodeToken, type Token, tokenDigest } from '../../src/state/token.ts';

const sha256 = (data: Uint8Array) => new Uint8Array(createHash('sha256').update(data).digest());

const token = (overrides: Partial<Token> = {}): Token => ({
  version: 1,
  joinKey: new Uint8Array(32).fill(7),
  expectedNodes: 3,
  spec: clusterSpecSchema.parse({ kubernetesVersion: 'v1.34.4' }),
  ...overrides,
});

const line = encodeToken(token(), sha256);

/** A token whose checksum is right and whose payload is not. */
function sealed(payload: unknown, prefix = 'civitas1'): string {
  const body = `${prefix}.${Buffer.from(canonicalJson(payload)).toString('base64url')}`;
  const sum = Buffer.from(sha256(Buffer.from(body)).subarray(0, 12)).toString('base64url');
  return `${body}.${sum}`;
}

const payload = {
  version: 1,
  joinKey: Buffer.alloc(32, 7).toString('base64url'),
  expectedNodes: 3,
  spec: { kubernetesVersion: 'v1.34.4' },
};

function refusal(text: string): { code: string; message: string } | undefined {
  try {
    decodeToken(text, sha256);
    return undefined;
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    return { code: error.code, message: error.message };
  }
}

describe('token', () => {
  test('what was encoded is decoded, also with a line end', () => {
    expect(decodeToken(`${line}\n`, sha256)).toEqual(token());
  });

  test('is one line without blanks', () => {
    expect(line).toMatch(/^civitas1\.[\w-]+\.[\w-]{16}$/);
  });

  test('cut off anywhere it is refused', () => {
    const codes = Array.from(
      { length: line.length },
      (_, end) => refusal(line.slice(0, end))?.code,
    );
    expect(new Set(codes)).toEqual(new Set(['token.wrong-prefix', 'token.truncated']));
    expect(codes.filter((code) => code === 'token.wrong-prefix')).toEqual(['token.wrong-prefix']);
  });

  test('with any one letter changed it is refused', () => {
    const accepted = [...line].filter((letter, index) => {
      const changed = letter === 'A' ? 'B' : 'A';
      return refusal(line.slice(0, index) + changed + line.slice(index + 1)) === undefined;
    });
    expect(accepted).toEqual([]);
  });

  test.each([
    { when: 'it is empty', text: '', code: 'token.wrong-prefix' },
    { when: 'it is that of another program', text: 'K10abc::server:x', code: 'token.wrong-prefix' },
    {
      when: 'it is of a later format',
      text: sealed(payload, 'civitas2'),
      code: 'token.foreign-version',
    },
    { when: 'something follows it', text: `${line}.x`, code: 'token.altered' },
    { when: 'it is absurdly long', text: 'civitas1.'.padEnd(70_000, 'x'), code: 'token.too-long' },
    {
      when: 'the payload is of a later version',
      text: sealed({ ...payload, version: 2 }),
      code: 'token.foreign-version',
    },
    {
      when: 'the payload has another field',
      text: sealed({ ...payload, colour: 'red' }),
      code: 'token.unknown-fields',
    },
    {
      when: 'the key is short',
      text: sealed({ ...payload, joinKey: 'AAAA' }),
      code: 'token.bad-field',
    },
    {
      when: 'nobody is expected',
      text: sealed({ ...payload, expectedNodes: 0 }),
      code: 'token.bad-field',
    },
    {
      when: 'the spec has an unknown field',
      text: sealed({ ...payload, spec: { ...payload.spec, colour: 'red' } }),
      code: 'token.bad-spec',
    },
    {
      when: 'the spec has no version',
      text: sealed({ ...payload, spec: {} }),
      code: 'token.bad-spec',
    },
    { when: 'the payload is no object', text: sealed(7), code: 'token.bad-field' },
  ])('is refused when $when', ({ text, code }) => {
    expect(refusal(text)).toEqual({
      code,
      message: expect.stringMatching(/^The token is refused because .+: .+\.$/),
    });
  });

  test('a refusal never repeats a part of the token', () => {
    const key = payload.joinKey;
    const messages = [sealed({ ...payload, expectedNodes: 0 }), `${line}x`, key].map(
      (text) => refusal(text)?.message,
    );
    expect(messages.filter((message) => message?.includes(key))).toEqual([]);
  });

  test('the digest is equal exactly when tokens are', () => {
    const digest = (overrides: Partial<Token>) => tokenDigest(token(overrides), sha256);
    const spec = clusterSpecSchema.parse({ kubernetesVersion: 'v1.34.5' });
    expect(digest({})).toMatch(/^[0-9a-f]{64}$/);
    expect(digest({ joinKey: new Uint8Array(32).fill(7) })).toBe(digest({}));
    const others = [{ joinKey: new Uint8Array(32) }, { expectedNodes: 5 }, { spec }].map(digest);
    expect(new Set([digest({}), ...others]).size).toBe(4);
  });

  test('canonical JSON does not depend on the order in which fields were written', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
      }),
    );
  });
});
