import { expect, test } from '@jest/globals';
import type { ReplicaGreeting } from '../../src/adapters/nats-replica-probe.ts';
import { sentenceAboutReplicas } from '../../src/adapters/nats-replica-sentence.ts';
import { logName } from '../../src/state/genesis-record.ts';
import { genesisRecord } from '../support/genesis-record.ts';

const record = genesisRecord();
const answers = (name = logName(record)): ReplicaGreeting => {
  return { serverName: 'x', version: '2.15.1', logName: name };
};

interface Row {
  readonly when: string;
  readonly greetings: readonly (ReplicaGreeting | undefined)[];
  readonly connected?: boolean;
  readonly reason?: string;
  readonly sentence: string;
}

test.each<Row>([
  {
    when: 'nobody was asked yet',
    greetings: [],
    sentence:
      'waiting for the log: 0 of 3 replicas answer, nothing at 10.0.0.1:4222 (node aaaaaaaaaaa) and 10.0.0.2:4222 (node bbbbbbbbbbb) and 10.0.0.3:4222 (node ccccccccccc): start these machines',
  },
  {
    when: 'one is silent',
    greetings: [answers(), undefined, answers()],
    reason: 'timeout',
    sentence:
      'waiting for the log: 2 of 3 replicas answer, nothing at 10.0.0.2:4222 (node bbbbbbbbbbb): start these machines',
  },
  {
    when: 'one belongs to another log',
    greetings: [answers(), answers('civ-other-e1'), undefined],
    sentence:
      'waiting for the log: 2 of 3 replicas answer, but at 10.0.0.2:4222 (node bbbbbbbbbbb) it is the server of another log: stop that one',
  },
  {
    when: 'all answer and one let us in',
    greetings: [answers(), answers(), answers()],
    connected: true,
    sentence:
      'waiting for the log: 3 of 3 replicas answer, but they have not agreed on a leader yet',
  },
  {
    when: 'all answer and refuse us',
    greetings: [answers(), answers(), answers()],
    reason: 'timeout',
    sentence: 'waiting for the log: 3 of 3 replicas answer, but none lets this agent in (timeout)',
  },
])(
  'when $when, the sentence says so and what helps',
  ({ greetings, connected = false, reason, sentence }) => {
    const { replicas } = record;
    const findings = { replicas, logName: logName(record), greetings, connected, reason };
    expect(sentenceAboutReplicas(findings)).toBe(sentence);
  },
);
