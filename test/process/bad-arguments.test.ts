import { describe, expect, test } from '@jest/globals';
import { civitas, refusal, runCommand } from '../support/process-command.ts';
import { inNewFolder } from '../support/process-folder.ts';

const HELP = '(add --help to see what there is)';

const refused = (args: string, options: { input?: string; cwd?: string } = {}) =>
  runCommand(civitas(args.split(' ')), options);

describe('words that make no sense are answered by one sentence and exit code 2:', () => {
  test.concurrent.each([
    { args: 'jion', sentence: `Unknown command 'jion' (Did you mean join?) ${HELP}. [cli.usage]` },
    {
      args: 'token create --nodez 3',
      sentence: `Unknown option '--nodez' (Did you mean --nodes?) ${HELP}. [cli.usage]`,
    },
    {
      args: 'token create three',
      sentence: `Too many arguments for 'create'. Expected 0 arguments but got 1: three ${HELP}. [cli.usage]`,
    },
    {
      args: 'join',
      sentence: `Required option '--token-file <file>' not specified ${HELP}. [cli.usage]`,
    },
    {
      args: 'status -o xml',
      sentence: `Option '-o, --output <format>' argument 'xml' is invalid: allowed choices are table, wide, json, yaml ${HELP}. [cli.usage]`,
    },
    {
      args: 'completion cobol',
      sentence: `Command-argument value 'cobol' is invalid for argument 'shell': allowed choices are zsh, bash, fish, powershell ${HELP}. [cli.usage]`,
    },
    {
      args: 'apply --dry-run',
      sentence: `Required option '-f, --file <file>' not specified ${HELP}. [cli.usage]`,
    },
    {
      args: 'explain',
      sentence: `Missing required argument 'node' ${HELP}. [cli.usage]`,
    },
    {
      args: 'get nodes',
      sentence: `Unknown command 'nodes' ${HELP}. [cli.usage]`,
    },
    {
      args: 'why-not demote n1',
      sentence: `Unknown command 'demote' (Did you mean promote?) ${HELP}. [cli.usage]`,
    },
    {
      args: 'simulate --partition n1|n2 --partition n2|n1',
      sentence:
        '--partition is given twice, as n1|n2 and n2|n1: say it once. [cli.repeated-option]',
    },
    {
      args: 'demo --nodes 0 --once',
      sentence: '--nodes 0 is wrong: the demo runs 1 to 9 agents. [cli.bad-nodes]',
    },
  ])('civitas $args', async ({ args, sentence }) => {
    expect(await refused(args)).toEqual(refusal(2, sentence));
  });
});

describe('an option of join that can not be is refused before anything is written:', () => {
  test.concurrent.each([
    {
      option: '--log-level loud',
      sentence: `Option '--log-level <level>' argument 'loud' is invalid: allowed choices are debug, info, warn, error ${HELP}. [cli.usage]`,
    },
    { option: '--label x', sentence: '--label x is wrong: say key=value. [cli.bad-label]' },
    {
      option: '--label disk=ssd --label disk=nvme',
      sentence: '--label names disk more than once: name it once. [cli.repeated-option]',
    },
    {
      option: '--peer :::',
      sentence:
        'The peer ::: is no address: write host:port, such as 192.168.1.7:7946. [cli.bad-peer]',
    },
    {
      option: '--peer n2:99999',
      sentence:
        'The peer n2:99999 is no address: write host:port, such as 192.168.1.7:7946. [cli.bad-peer]',
    },
    {
      option: '--address n1',
      sentence: '--address n1 is wrong: say an IP address of this machine. [cli.bad-address]',
    },
    {
      option: '--hostname no_name',
      sentence:
        '--hostname no_name is wrong: say a name of at most 63 letters, digits, dots and hyphens. [cli.bad-hostname]',
    },
    {
      option: `--zone ${'z'.repeat(64)}`,
      sentence: `--zone ${'z'.repeat(64)} is wrong: say at most 63 characters. [cli.bad-zone]`,
    },
    {
      option: '--port 0',
      sentence: '--port 0 is wrong: say a port from 1 to 65529. [cli.bad-port]',
    },
    {
      option: '--port 7952',
      sentence:
        '--port 7952 is wrong: it is one of the 6 ports from --log-port-base 7950, so choose another for one of them. [cli.bad-port]',
    },
    {
      option: '--token-file nowhere',
      sentence:
        'The token file nowhere can not be read: check the path and its permissions. [cli.no-token-file]',
    },
  ])('$option', async ({ option, sentence }) => {
    await inNewFolder(async (cwd) => {
      const token = option.includes('--token-file') ? '' : '--token-file - ';
      const args = `join ${token}--state-dir state --simulated-world none ${option}`;
      expect(await refused(args, { cwd })).toEqual(refusal(2, sentence));
    });
  });
});

describe('who asks an agent that does not run is told how to start it:', () => {
  test.concurrent.each(['status', 'status --watch', 'kubeconfig'])('%s', async (command) => {
    const sentence =
      'No agent answers at nowhere/agent.sock: start it with `civitas join --token-file FILE`, or name its --state-dir. [agent.not-running]';
    expect(await refused(`${command} --state-dir nowhere`)).toEqual(refusal(1, sentence));
  });
});

test.concurrent('shell completion is a script for that shell', async () => {
  expect(await refused('completion bash')).toEqual({
    exitCode: 0,
    stdout: expect.stringContaining('# bash completion for civitas'),
    stderr: '',
  });
});
