import { at, calls, commits, ends, faulty, idOf, mended, runs, starts } from './entries.ts';
import { tellApart } from './tell-apart.ts';

const settled = at(1, '*', { type: 'script.settled' });
const stranger = at(2, 'n1', { type: 'outsider.sent', detail: '10,000 records' });
const leads = (second: number) =>
  commits(second, 'leadership', 'current', { nodeId: idOf('n1'), incarnation: 1 });

tellApart('S13', {
  broken: [
    { when: 'an entry is written', entries: [settled, commits(2, 'status', 'x', {})] },
    { when: 'a command is started', entries: [settled, runs(2, 'n1', 'x: kubeadm join')] },
    { when: 'a port is called', entries: [settled, calls(2, 'n1', 'files.write', '/x', '', 420)] },
    { when: 'the leader changes for no reason', entries: [settled, leads(2)] },
    {
      when: 'a restarted agent writes its status anew',
      entries: [settled, ends(2, 'n1'), ...starts(3, 'n1'), commits(4, 'status', 'x', {})],
    },
  ],
  sound: [
    {
      when: 'agents restart and another one leads',
      entries: [
        settled,
        ends(2, 'n1'),
        ...starts(3, 'n1'),
        calls(3, 'n1', 'durable.write', 'log-copy'),
        leads(4),
      ],
    },
    {
      when: 'something happened',
      entries: [settled, faulty(2, 'n1', 'power-cut'), commits(3, 'status', 'x', {})],
    },
    {
      when: 'somebody edited the spec',
      entries: [
        settled,
        at(2, 'n1', { type: 'script.edited', detail: 'size' }),
        commits(3, 'spec', 'current', {}),
      ],
    },
  ],
});

tellApart('S14', {
  broken: [
    { when: 'an entry is written', entries: [settled, stranger, commits(3, 'node', 'x', {})] },
    {
      when: 'an agent fails',
      entries: [settled, stranger, at(3, 'n1', { type: 'agent.failed', life: 1, code: 'x' })],
    },
  ],
  sound: [
    {
      when: 'nothing follows but a log line',
      entries: [settled, stranger, at(3, 'n1', { type: 'agent.said', level: 'warn', text: 'x' })],
    },
    {
      when: 'the cluster was not settled',
      entries: [stranger, commits(3, 'node', 'x', {})],
    },
  ],
});

tellApart('S22', {
  broken: [
    {
      when: 'a node is called dead after its clock jumped',
      entries: [
        settled,
        faulty(2, 'n1', 'wall-clock-jumps'),
        commits(40, 'liveness', idOf('n1'), { verdict: 'dead' }),
      ],
    },
    {
      when: 'the leader changes after a clock jumped back',
      entries: [
        settled,
        faulty(2, 'n1', 'wall-clock-jumps'),
        mended(3, 'n1', 'wall-clock-jumps'),
        leads(20),
      ],
    },
  ],
  sound: [
    {
      when: 'an agent ended, too',
      entries: [settled, faulty(2, 'n1', 'wall-clock-jumps'), ends(3, 'n1'), leads(20)],
    },
    {
      when: 'a credential is renewed because of it',
      entries: [settled, faulty(2, 'n1', 'wall-clock-jumps'), commits(20, 'handover', 'x', {})],
    },
  ],
});
