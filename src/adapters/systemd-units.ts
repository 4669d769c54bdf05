import { TerminalError } from '../errors.ts';
import type { HostFiles } from '../ports/host-files.ts';
import { type RunCommand, runOrThrow } from './execa-exec.ts';

const SYSTEMCTL_TIMEOUT_MS = 30_000;
const UNIT_FOLDER = '/etc/systemd/system';
const UNIT_FILE_MODE = 0o644;

/** A unit as `systemctl show` tells it; words as in systemd's D-Bus interface. */
export interface Unit {
  /** `loaded`, `not-found`, `masked`, … */
  readonly loadState: string;
  /** `active`, `activating`, `inactive`, `failed`, … */
  readonly activeState: string;
  /** `enabled`, `disabled`, `static`, … ; empty when there is no unit file. */
  readonly unitFileState: string;
  /** Names of the drop-in files that apply, without their folders. */
  readonly dropIns: readonly string[];
  /** The program ExecStart runs; empty when there is none. */
  readonly program: string;
  /** Its files changed since systemd read them: the rest is of before. */
  readonly outdated: boolean;
}

/**
 * The units of this host's service manager. Every call rejects with RetryableError
 * `systemd.failed` when systemctl refuses.
 */
export interface SystemdUnits {
  /** In the order asked for. */
  show(...names: readonly string[]): Promise<readonly Unit[]>;
  /** Writes `/etc/systemd/system/<path>` unless it says just that already; counts from `enable` on. */
  write(path: string, content: string): Promise<'same' | 'written'>;
  /** Starts it at each boot from now on; all unit files are read anew, also when it did before. */
  enable(name: string): Promise<void>;
  /** No boot starts it any more; it goes on if it runs. All unit files are read anew. */
  disable(name: string): Promise<void>;
  /** All unit files are read anew: what was written counts. */
  readAnew(): Promise<void>;
  /** Removes the file that `write` made; nothing when there is none. */
  remove(name: string): Promise<void>;
  start(name: string): Promise<void>;
  stop(name: string): Promise<void>;
  restart(name: string): Promise<void>;
  reload(name: string): Promise<void>;
}

export function createSystemdUnits(run: RunCommand, files: HostFiles): SystemdUnits {
  const systemctl = (verb: string, ...args: readonly string[]) =>
    runOrThrow(run, 'systemd.failed', 'systemctl', [verb, '--no-ask-password', ...args], {
      timeoutMs: SYSTEMCTL_TIMEOUT_MS,
    });
  const command = async (verb: string, name: string) => {
    await systemctl(verb, name);
  };

  return {
    show: async (...names) => {
      const output = await systemctl('show', `--property=${SHOWN}`, ...names);
      return parseUnits(output, names);
    },
    write: async (path, content) => {
      if ((await files.read(`${UNIT_FOLDER}/${path}`)) === content) return 'same';
      await files.write(`${UNIT_FOLDER}/${path}`, content, UNIT_FILE_MODE);
      return 'written';
    },
    enable: (name) => command('enable', name),
    disable: (name) => command('disable', name),
    readAnew: async () => void (await systemctl('daemon-reload')),
    remove: async (path) => {
      await files.remove(`${UNIT_FOLDER}/${path}`);
      await systemctl('daemon-reload');
    },
    start: (name) => command('start', name),
    stop: (name) => command('stop', name),
    restart: (name) => command('restart', name),
    reload: (name) => command('reload', name),
  };
}

const SHOWN = 'LoadState,ActiveState,UnitFileState,DropInPaths,ExecStart,NeedDaemonReload';

function parseUnits(output: string, names: readonly string[]): readonly Unit[] {
  const blocks = output.trimEnd().split('\n\n');
  if (blocks.length === names.length) return blocks.map((block) => toUnit(parseShow(block)));
  const message = `systemctl showed ${blocks.length} of the ${names.length} units ${names.join(', ')}: report it, with the version of systemd.`;
  throw new TerminalError('systemd.not-understood', message);
}

function toUnit(shown: ReadonlyMap<string, string>): Unit {
  const dropIns = (shown.get('DropInPaths') ?? '').split(' ').filter((path) => path !== '');
  return {
    loadState: shown.get('LoadState') ?? '',
    activeState: shown.get('ActiveState') ?? '',
    unitFileState: shown.get('UnitFileState') ?? '',
    dropIns: dropIns.map((path) => path.slice(path.lastIndexOf('/') + 1)),
    program: /path=(\S+)/.exec(shown.get('ExecStart') ?? '')?.[1] ?? '',
    outdated: shown.get('NeedDaemonReload') === 'yes',
  };
}

/** The `Key=value` lines of one unit. A property without a value may be missing altogether. */
export function parseShow(block: string): ReadonlyMap<string, string> {
  const lines = block.split('\n').map((line) => line.split(/=(.*)/s));
  return new Map(lines.map(([key = '', value = '']) => [key, value]));
}
