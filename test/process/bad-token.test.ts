import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { hostAddresses } from '../../src/adapters/host-addresses.ts';
import { newToken } from '../../src/cli/token-create.ts';
import { civitas, type Outcome, refusal, runCommand } from '../support/process-command.ts';
import { inNewFolder } from '../support/process-folder.ts';

const COPY_AGAIN = 'copy the whole line that `civitas token create` printed';
const token = await newToken({ nodes: '3', kubernetes: 'v1.34.4' });
const changed = token.slice(0, 60) + (token[60] === 'A' ? 'B' : 'A') + token.slice(61);

const JOIN = civitas([
  ...['join', '--token-file', 'token', '--state-dir', 'state'],
  ...['--hostname', 'n1', '--address', '127.0.3.1', '--simulated-world', 'none'],
]);

/** What `join` says of a token file, and which files there are then. */
async function joinWith(content: string | Uint8Array): Promise<Outcome & { files: string[] }> {
  return inNewFolder(async (cwd) => {
    await writeFile(join(cwd, 'token'), content, { mode: 0o600 });
    const outcome = await runCommand(JOIN, { cwd });
    return { ...outcome, files: await readdir(cwd) };
  });
}

describe('a token is refused, with exit code 2 and before anything is written, when', () => {
  test.concurrent.each([
    {
      when: 'it is empty',
      content: '',
      sentence: `it does not begin with civitas1: ${COPY_AGAIN}. [token.wrong-prefix]`,
    },
    {
      when: 'it is binary',
      content: Buffer.from('ff00fe01civitas1', 'hex'),
      sentence: `it does not begin with civitas1: ${COPY_AGAIN}. [token.wrong-prefix]`,
    },
    {
      when: 'it is that of another program',
      content: 'K10deadbeef::server:secret\n',
      sentence: `it does not begin with civitas1: ${COPY_AGAIN}. [token.wrong-prefix]`,
    },
    {
      when: 'its end is missing',
      content: token.slice(0, -5),
      sentence: `its end is missing: ${COPY_AGAIN}. [token.truncated]`,
    },
    {
      when: 'one letter of it is another',
      content: changed,
      sentence: `its checksum does not match: ${COPY_AGAIN}. [token.altered]`,
    },
    {
      when: 'it is of a later release',
      content: token.replace('civitas1', 'civitas2'),
      sentence:
        'it is of format civitas2, this is an agent of civitas1: use an agent of the same release as the one that made the token. [token.foreign-version]',
    },
    {
      when: 'the file is huge',
      content: Buffer.alloc(50_000_000, 'x'),
      sentence: `it is longer than 64 KiB: ${COPY_AGAIN}. [token.too-long]`,
    },
  ])('$when', async ({ content, sentence }) => {
    expect(await joinWith(content)).toEqual({
      ...refusal(2, `The token is refused because ${sentence}`),
      files: ['token'],
    });
  });
});

const [home] = hostAddresses();
const underOurs = home ? test.concurrent : test.skip;

underOurs('a subnet that this host is part of is refused by name', async () => {
  const [first, second] = (home?.address ?? '').split('.');
  const podSubnet = `${first}.${second}.0.0/16`;
  const taken = await newToken({
    nodes: '3',
    kubernetes: 'v1.34.4',
    podSubnet,
    serviceSubnet: '198.18.0.0/16',
  });
  const { stderr, ...rest } = await joinWith(taken);
  expect({ ...rest, stderr }).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringMatching(
      /^civitas: The token's spec is refused: network\.podSubnet is \S+ and overlaps the host's network \S+: choose a network that no host is part of\. \[spec\.refused\]\n$/,
    ),
    files: ['token'],
  });
});
