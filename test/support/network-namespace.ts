import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunCommand, runCommand } from '../../src/adapters/execa-exec.ts';

/** A network of the test's own, where it may change routes and rules. */
export interface NetworkNamespace {
  readonly run: RunCommand;
  close(): Promise<void>;
}

const LINK = [
  ['link', 'add', 'link0', 'type', 'veth', 'peer', 'name', 'link1'],
  ['address', 'add', '10.88.0.1/24', 'dev', 'link0'],
  ['link', 'set', 'link0', 'up'],
  ['link', 'set', 'link1', 'up'],
];

/** With one link, of address 10.88.0.1/24. Undefined where this machine does not let tests have one. */
export async function openNetworkNamespace(): Promise<NetworkNamespace | undefined> {
  const owner = spawn('unshare', ['--user', '--map-root-user', '--net', 'sleep', '300'], {
    stdio: 'ignore',
  });
  const ended = once(owner, 'exit').catch(() => []); // there may be no `unshare`
  const entered = await Promise.race([ended.then(() => false), isApart(owner.pid)]);
  if (!entered) return undefined;

  const enter = ['--target', String(owner.pid), '--user', '--net', '--preserve-credentials'];
  const run: RunCommand = (file, args, options) =>
    runCommand('nsenter', [...enter, file, ...args], options);
  const close = async () => {
    owner.kill('SIGKILL');
    await ended;
  };
  if (await isUsable(run)) return { run, close };
  await close();
  return undefined;
}

async function isUsable(run: RunCommand): Promise<boolean> {
  const commands = [...LINK.map((args) => ['ip', ...args]), ['nft', 'list', 'ruleset']];
  for (const [file = '', ...args] of commands) {
    const { exitCode } = await run(file, args, { timeoutMs: 5_000 });
    if (exitCode !== 0) return false;
  }
  return true;
}

async function isApart(pid: number | undefined): Promise<boolean> {
  const ours = await readlink('/proc/self/ns/net');
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const theirs = await readlink(`/proc/${pid}/ns/net`).catch(() => ours);
    if (theirs !== ours) return true;
    await sleep(20);
  }
  return false;
}
