import { describe, expect, test } from '@jest/globals';
import { createNatsBeats } from '../../src/adapters/nats-beats.ts';
import type { LogConnection } from '../../src/adapters/nats-connection.ts';
import type { Beat } from '../../src/ports/beats.ts';
import type { Probe } from '../../src/state/probe.ts';
import { id } from '../support/controllers-entries.ts';

type Message = { readonly subject: string; readonly data: Uint8Array };
type Heard = (err: null, message: Message) => void;

const silent: Probe = { nodeId: id(3), incarnation: 1, finding: 'silent' };
const SUBJECT = `civitas.beat.${id(2)}.1`;

/** A connection on which everybody hears what is published, and nobody else is. */
function connected() {
  const heard: Heard[] = [];
  const publish = (subject: string, text: string | Uint8Array = new Uint8Array()) => {
    const data = typeof text === 'string' ? new TextEncoder().encode(text) : text;
    for (const callback of heard) callback(null, { subject, data });
  };
  const subscribe = (_subject: string, { callback }: { readonly callback: Heard }) => {
    heard.push(callback);
    return { unsubscribe: () => undefined };
  };
  const session = { nats: { publish, subscribe }, broken: new AbortController().signal };
  const connection = { current: () => session, session: async () => session };
  return { publish, beats: createNatsBeats(connection as unknown as LogConnection) };
}

async function listening() {
  const { publish, beats } = connected();
  const came: Beat[] = [];
  beats.listen((beat) => came.push(beat));
  await Promise.resolve();
  return { publish, beats, came };
}

describe('beats over NATS', () => {
  test('carry what the sender finds of others', async () => {
    const { beats, came } = await listening();
    const beat: Beat = { nodeId: id(2), incarnation: 1, probes: [silent] };
    expect(beats.send(beat)).toBe(true);
    expect(came).toEqual([beat]);
  });

  test.each([
    ['nothing', new Uint8Array()],
    ['no JSON', '{'],
    ['no list of probes', '{"probes":[]}'],
    ['a finding of another release', JSON.stringify([{ ...silent, finding: 'asleep' }])],
    ['more than 4 KiB', JSON.stringify(Array(80).fill(silent))],
  ])('are signs of life also with %s in them', async (_, data) => {
    const { publish, came } = await listening();
    publish(SUBJECT, data);
    expect(came).toEqual([{ nodeId: id(2), incarnation: 1, probes: [] }]);
  });

  test.each(['civitas.beat.x.1', `civitas.beat.${id(2)}.0`, `civitas.beat.${id(2)}.1.2`])(
    'are nobody’s with the subject %s',
    async (subject) => {
      const { publish, came } = await listening();
      publish(subject, '[]');
      expect(came).toEqual([]);
    },
  );
});
