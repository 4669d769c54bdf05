import { KUBEADM_CONFIG_FILE } from '../../../src/state/kubernetes-paths.ts';
import { at, CANARY, calls, commits, idOf, runs, world } from './entries.ts';
import { tellApart } from './tell-apart.ts';

const TOKEN = 'abcdef.0123456789abcdef';
const says = (text: string) => at(2, 'n1', { type: 'agent.said', level: 'info', text });
const made = calls(1, 'n1', 'kube.createBootstrapToken', TOKEN, 900_000, 'civitas x');
const handover = (second: number, operationId: string) =>
  commits(second, 'handover', idOf('n2'), { operationId, tokenId: 'abcdef' });

tellApart('S12', {
  broken: [
    { when: 'a log line has the join key', entries: [says(`joined with ${CANARY}`)] },
    { when: 'a command has it', entries: [runs(1, 'n1', `x: kubeadm join --token ${CANARY}`)] },
    { when: 'a log line has a bootstrap token', entries: [made, says(TOKEN)] },
    {
      when: 'a private key goes into a file for all',
      entries: [calls(1, 'n1', 'files.write', '/k', '-----BEGIN PRIVATE KEY-----', 0o644)],
    },
    {
      when: 'an entry of the log has it',
      entries: [commits(1, 'handover', 'x', { sealed: { plain: CANARY } })],
    },
    {
      when: 'the name of a unit has it',
      entries: [calls(1, 'n1', 'operations.start', 'x', ['kubeadm', CANARY])],
    },
  ],
  sound: [
    {
      when: 'it stands in a file for its owner',
      entries: [calls(1, 'n1', 'files.write', '/k', `-----BEGIN PRIVATE KEY-----${CANARY}`, 0o600)],
    },
    { when: 'only the public half of a token is told', entries: [made, says('abcdef')] },
  ],
});

tellApart('S23', {
  broken: [
    {
      when: 'a token lives an hour',
      header: { wallAtZeroMs: 0 },
      entries: [calls(1, 'n1', 'kube.createBootstrapToken', TOKEN, 3_600_000, 'civitas x')],
    },
    { when: 'one token serves two joins', entries: [handover(1, 'a'), handover(2, 'b')] },
    {
      when: 'a token is left when all is settled',
      entries: [world(1, 'n1', 'token.created', 'abcdef'), at(2, '*', { type: 'script.settled' })],
    },
    {
      when: 'a file with a token is left when all is settled',
      entries: [
        world(1, 'n1', 'file.written', KUBEADM_CONFIG_FILE),
        at(2, '*', { type: 'script.settled' }),
      ],
    },
    {
      when: 'the file is for everybody',
      entries: [calls(1, 'n1', 'files.write', KUBEADM_CONFIG_FILE, '', 0o644)],
    },
  ],
  sound: [
    {
      when: 'a token lives a quarter of an hour, for one join, and is gone',
      header: { wallAtZeroMs: 0 },
      entries: [
        calls(1, 'n1', 'kube.createBootstrapToken', TOKEN, 901_000, 'civitas x'),
        world(1, 'n1', 'token.created', 'abcdef'),
        handover(2, 'a'),
        handover(3, 'a'),
        world(4, 'n1', 'token.deleted', 'abcdef'),
        at(5, '*', { type: 'script.settled' }),
      ],
    },
  ],
});
