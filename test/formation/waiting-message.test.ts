import { describe, expect, test } from '@jest/globals';
import { hear } from '../../src/formation/hear.ts';
import { NOTHING_KNOWN, noteRefusedBy } from '../../src/formation/knowledge.ts';
import { waitingMessage } from '../../src/formation/waiting-message.ts';
import { helloOf, hex, nodeIdOf, selfOf } from './builders.ts';

const tooFew = (reachable: number, silent: readonly string[] = []) => ({
  cause: { reason: 'too-few-nodes' as const, reachable, needed: 3, expected: 5, silent },
  sinceMs: 0,
  endsWhen: 'unused',
});

describe('waitingMessage', () => {
  test.each([
    {
      when: 'nodes were never heard of',
      waiting: tooFew(1),
      message:
        'Waiting for 2 more of 5 nodes (1 is here, 3 are needed): start civitas on them with the same token.',
    },
    {
      when: 'nodes fell silent',
      waiting: tooFew(2, [nodeIdOf(7)]),
      message: `Waiting for 1 more of 5 nodes (2 are here, 3 are needed): ${nodeIdOf(7)} cannot be reached now.`,
    },
    {
      when: 'something else is awaited',
      waiting: {
        cause: { reason: 'newcomers' as const, untilMs: 1 },
        sinceMs: 0,
        endsWhen: 'all are known',
      },
      message: 'Waiting until all are known.',
    },
  ])('names what is missing when $when', ({ waiting, message }) => {
    expect(waitingMessage(waiting, NOTHING_KNOWN, [])).toBe(message);
  });

  test('tells who refuses whom, and who else listens', () => {
    const hello = helloOf(2, { tokenDigest: hex(1, 64) });
    const endpoint = { address: '192.0.2.2', port: 7946 };
    const { knowledge } = hear(NOTHING_KNOWN, selfOf(1), {
      hello,
      endpoint,
      nowMs: 0,
      wallMs: 1_000_000,
    });
    const refused = noteRefusedBy(knowledge, nodeIdOf(2), {
      code: 'peer.other-token',
      message: 'Yours differs.',
    });
    expect(waitingMessage(tooFew(1), refused, ['Another token is used at 192.0.2.9:7946.'])).toBe(
      [
        'Waiting for 2 more of 5 nodes (1 is here, 3 are needed): start civitas on them with the same token.',
        '1 node refuses this one: Yours differs.',
        'n2 has a token with the same key but another spec or node count: start every node with the very same token.',
        'Another token is used at 192.0.2.9:7946.',
      ].join(' '),
    );
  });
});
