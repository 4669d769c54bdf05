import { isAbsolute, join } from 'node:path';
import { RetryableError, TerminalError } from '../errors.ts';
import type { HostFiles } from '../ports/host-files.ts';
import type { OperationState, Operations } from '../ports/operations.ts';
import { type RunCommand, runOrThrow } from './execa-exec.ts';
import { readTail } from './file-tail.ts';
import { isExecutable, programsOf } from './find-program.ts';
import { parseShow } from './systemd-units.ts';
import { type TransientUnit, transientUnitArgs } from './transient-unit.ts';

const LOG_FOLDER = '/run/civitas/ops';
const LOG_TAIL_BYTES = 8_192;
const COMMAND_TIMEOUT_MS = 30_000;
const NAME = /^[a-z0-9-]{1,63}$/;
const SHOWN = 'LoadState,ActiveState,SubState,Result,ExecMainCode,ExecMainStatus';

/**
 * Long commands as transient services `civitas-op-<name>`, which end with the machine's boot but
 * not with the agent. Rejects with RetryableError `systemd.failed`, `operation.not-started` or
 * `operation.not-forgotten` when systemd refuses, and TerminalError `operation.bad-name`.
 * `root` stands before the folder of the logs, for tests.
 */
export function createSystemdOperations(
  run: RunCommand,
  files: HostFiles,
  root: string,
): Operations {
  const options = { timeoutMs: COMMAND_TIMEOUT_MS };
  const show = async (name: string) => {
    const args = ['show', '--no-ask-password', `--property=${SHOWN}`, unitName(name)];
    return parseShow(await runOrThrow(run, 'systemd.failed', 'systemctl', args, options));
  };

  return {
    announce: (name) => files.write(announcementPath(name), '', 0o600),
    start: async (name, argv, timeoutSeconds) => {
      // First of all: what stands there when a unit may exist would say that none ever did.
      await files.remove(announcementPath(name));
      if (exists(await show(name))) return;
      await refuseAbsent(name, argv[0], root);
      const unit: TransientUnit = {
        name: unitName(name),
        description: `civitas operation ${name}`,
        argv,
        timeoutSeconds,
        logPath: logPath(name),
      };
      // Made beforehand, as systemd would make it readable for everyone.
      await files.write(unit.logPath, '', 0o600);
      const { exitCode, stderr } = await run('systemd-run', transientUnitArgs(unit), options);
      // It also exists when it appeared meanwhile, or when its program could not be run.
      if (exitCode === 0 || exists(await show(name))) return;
      throw notStarted(name, stderr.trim().slice(-500));
    },
    observe: async (name) => {
      const shown = await show(name);
      if (!exists(shown)) {
        const announced = await files.read(announcementPath(name));
        return { phase: announced === undefined ? 'absent' : 'announced' };
      }
      return toState(shown, () => readTail(join(root, logPath(name)), LOG_TAIL_BYTES));
    },
    forget: async (name) => {
      await run('systemctl', ['stop', unitName(name)], options);
      await run('systemctl', ['reset-failed', unitName(name)], options);
      if (exists(await show(name))) {
        const message = `${unitName(name)} is still there after it was stopped: run \`systemctl reset-failed 'civitas-op-*'\`.`;
        throw new RetryableError('operation.not-forgotten', message);
      }
      await files.remove(logPath(name));
      await files.remove(announcementPath(name));
    },
  };
}

/** The unit's own program is a shell, which is always there. */
async function refuseAbsent(name: string, program: string, root: string): Promise<void> {
  const isThere = isAbsolute(program)
    ? await isExecutable(join(root, program))
    : (await programsOf(root)(program)) !== undefined;
  if (isThere) return;
  throw notStarted(name, `Failed to find executable ${program}: No such file or directory`);
}

function notStarted(name: string, reason: string): RetryableError {
  const message = `systemd does not start ${unitName(name)} (${reason}): cure what it says.`;
  return new RetryableError('operation.not-started', message);
}

function unitName(name: string): string {
  return `civitas-op-${checked(name)}.service`;
}

function checked(name: string): string {
  if (NAME.test(name)) return name;
  throw new TerminalError(
    'operation.bad-name',
    `"${name}" can not be the name of an operation: report it.`,
  );
}

function logPath(name: string): string {
  return `${LOG_FOLDER}/${name}.log`;
}

/** In memory, as the logs are: gone after a boot, as units are. */
function announcementPath(name: string): string {
  return `${LOG_FOLDER}/${checked(name)}.announced`;
}

function exists(shown: ReadonlyMap<string, string>): boolean {
  return shown.get('LoadState') === 'loaded';
}

async function toState(
  shown: ReadonlyMap<string, string>,
  readOutput: () => Promise<string>,
): Promise<OperationState> {
  const active = shown.get('ActiveState');
  if (active === 'active' && shown.get('SubState') === 'exited') {
    return { phase: 'succeeded', output: await readOutput() };
  }
  if (active !== 'failed') return { phase: 'running' };
  const reason = shown.get('Result') === 'timeout' ? 'stopped at its time limit\n' : '';
  return { phase: 'failed', exitCode: exitCode(shown), output: (await readOutput()) + reason };
}

/** `ExecMainCode` is SIGCHLD's si_code: 1 for an exit, else `ExecMainStatus` is a signal. */
function exitCode(shown: ReadonlyMap<string, string>): number {
  const status = Number(shown.get('ExecMainStatus') ?? 0);
  return shown.get('ExecMainCode') === '1' ? status : 128 + status;
}
