import { isDeepStrictEqual } from 'node:util';
import { RetryableError } from '../errors.ts';
import type { Balancer, BalancerServer, BalancerView } from '../ports/balancer.ts';
import type { Clock } from '../ports/clock.ts';
import type { HostFiles } from '../ports/host-files.ts';
import { type RunCommand, runOrThrow } from './execa-exec.ts';
import {
  type HaproxySettings,
  isRendered,
  parseHaproxyServers,
  renderHaproxyConfig,
} from './haproxy-config.ts';
import { createHaproxyRuntime } from './haproxy-runtime.ts';

const CHECK_TIMEOUT_MS = 10_000;
const START_TIMEOUT_MS = 10_000;
const START_POLL_MS = 20;

/** How the HAProxy process is kept: a systemd unit on hosts, a child in tests. */
export interface HaproxyProcess {
  /** Starts it now and at every boot; nothing when that is so already. */
  start(): Promise<void>;
  /** Makes it read its file again. No connection breaks; the Runtime API starts from the file. */
  reload(): Promise<void>;
}

export interface HaproxyBalancerDeps {
  readonly settings: HaproxySettings;
  readonly configPath: string;
  readonly process: HaproxyProcess;
  readonly run: RunCommand;
  readonly files: HostFiles;
  readonly clock: Clock;
}

/**
 * Rejects with RetryableError `balancer.not-started`, `balancer.not-running`,
 * `balancer.bad-config` or `balancer.refused`, and TerminalError `balancer.bad-server`.
 */
export function createHaproxyBalancer(deps: HaproxyBalancerDeps): Balancer {
  const { settings, configPath, run, files, clock } = deps;
  const runtime = createHaproxyRuntime(settings.socketPath, clock);

  async function writeConfig(servers: readonly BalancerServer[]): Promise<'same' | 'written'> {
    const config = renderHaproxyConfig(settings, servers);
    if ((await files.read(configPath)) === config) return 'same';
    const candidate = `${configPath}.candidate`;
    await files.write(candidate, config, 0o600);
    await runOrThrow(run, 'balancer.bad-config', 'haproxy', ['-c', '-q', '-f', candidate], {
      timeoutMs: CHECK_TIMEOUT_MS,
    });
    await files.write(configPath, config, 0o600);
    await files.remove(candidate);
    return 'written';
  }

  async function observe(): Promise<BalancerView> {
    const [servers, config] = await Promise.all([runtime.servers(), files.read(configPath)]);
    const isOurs = config === undefined || isRendered(settings, config);
    return {
      running: servers !== undefined,
      servers: servers ?? [],
      fileServers: parseHaproxyServers(config ?? ''),
      ...(isOurs ? {} : { altered: true }),
    };
  }

  async function serves(servers: readonly BalancerServer[]): Promise<boolean> {
    const running = await runtime.servers();
    return running !== undefined && isDeepStrictEqual(byName(running), byName(servers));
  }

  async function install(servers: readonly BalancerServer[]): Promise<void> {
    const file = await writeConfig(servers);
    const ranBefore = (await runtime.servers()) !== undefined;
    await deps.process.start();
    if (ranBefore && (file === 'written' || !(await serves(servers)))) await deps.process.reload();

    const deadlineMs = clock.nowMs() + START_TIMEOUT_MS;
    while (!(await serves(servers))) {
      if (clock.nowMs() > deadlineMs) throw notStarted(settings.endpoint);
      await clock.sleep(START_POLL_MS);
    }
  }

  return {
    observe,
    install,
    addServer: (server) => runtime.add(server),
    removeServer: (name) => runtime.remove(name),
    writeFile: async (servers) => {
      await writeConfig(servers);
    },
  };
}

function byName(servers: readonly BalancerServer[]): readonly BalancerServer[] {
  return servers
    .map(({ name, address, port, preferred }) => ({ name, address, port, preferred }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

function notStarted(endpoint: string): RetryableError {
  const message = `HAProxy does not start: see \`journalctl -u civitas-haproxy\`; something else may hold ${endpoint}.`;
  return new RetryableError('balancer.not-started', message);
}
