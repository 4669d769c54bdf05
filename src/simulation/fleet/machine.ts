import { CivitasError } from '../../errors.ts';
import type { Node } from '../../state/node.ts';
import type { Unsynced } from '../faults.ts';
import type { MemoryLink } from '../memory-link.ts';
import { type AgentProcess, type Installed, startProcess } from './agent-process.ts';
import { createLife, type Life } from './life.ts';
import { type NodeFacts, nodeRecord } from './node-record.ts';
import { createStateDirectory, type StateDirectory } from './state-directory.ts';
import type { Surroundings } from './surroundings.ts';

/** Restart=always, RestartSec=500ms of manifests/civitas.service. */
const RESTART_MS = 500;
/** Calls that change something outside the process; what is only looked at is not told. */
const CHANGES =
  /^(log\.write|durable\.(write|remove)|files\.(write|remove|move|makeFolder|sync)|host\.(prepare|link|restart|stop|readUnits)|releases\.obtain|operations\.(announce|start|forget)|balancer\.(install|add|remove|write)|podNetwork\.(install|masquerade|add|remove|clear)|kube\.(create|delete|evict|patch|set|addTaint|removeTaint)|certificates\.restart|etcd\.(remove|promote|update|move|snapshot)|replicaServers\.(st|discard)|logPeers\.(evacuate|remove))/;

/** One machine of a fleet: its power, its disk, its clocks, and the agent that starts with it. */
export interface Machine {
  readonly hostname: string;
  /** As it enrols; another one after a wipe. */
  node(): Node;
  directory(): StateDirectory;
  /** The running agent; undefined when none runs. */
  agent(): AgentProcess | undefined;
  isRunning(): boolean;
  /** The term in which it leads; undefined when it does not. */
  term(): number | undefined;
  link(): MemoryLink | undefined;
  /** Starts the agent; nothing when it runs or the machine has no power. */
  start(): void;
  /** SIGKILL. A write under way may still reach the log, or not. */
  kill(): void;
  /** SIGTERM, resolves once the agent is gone. */
  stop(): Promise<void>;
  pause(): void;
  resume(): void;
  /** The machine's wall clock jumps; its monotonic clock does not. */
  jumpWall(byMs: number): void;
  /** What others than civitas wrote last without fsync is lost, unless the cut is said to be another. */
  powerOff(options?: { readonly unsynced: Unsynced }): void;
  /** Power on: the agent starts by itself. */
  boot(): void;
  /** Another address instead of the one it has, and the agent starts anew. */
  renumber(address: string): void;
  /** Power off, and an empty disk: what boots next is another node on the same machine. */
  wipe(): void;
}

export function createMachine(
  number: number,
  around: Surroundings,
  facts: NodeFacts = {},
): Machine {
  const { clock, random, recorder, world, logs } = around;
  let wallOffsetMs = 0;
  let lives = 0;
  let installed = install(nodeRecord(number, random, facts));
  let life: Life | undefined;
  let process: AgentProcess | undefined;
  const { hostname } = installed.node;

  function install(node: Node): Installed {
    const wallMs = () => clock.wallMs() + wallOffsetMs;
    const own = { nowMs: clock.nowMs, wallMs, sleep: clock.sleep };
    const directory = createStateDirectory();
    const key = around.keyOf(number);
    return { node, directory, enabledReplicas: new Map(), clock: own, key };
  }

  function begin(): void {
    lives += 1;
    const begun = createLife(lives, (call, args) => {
      if (!CHANGES.test(call)) return;
      const entry = { type: 'agent.called', life: begun.number, call, args: shown(args) } as const;
      recorder.note(hostname, entry);
      around.onCalled(hostname, call, args);
    });
    life = begun;
    const { nodeId } = installed.node;
    recorder.note(hostname, {
      type: 'agent.started',
      nodeId,
      life: begun.number,
      token: installed.key,
    });
    startProcess(begun, installed, around)
      .then((started) => {
        if (begun.isOver()) return undefined;
        process = started;
        return started.member.failed;
      })
      .catch((error: unknown) => fail(begun, error));
  }

  function fail(failed: Life, error: unknown): void {
    if (failed.isOver()) return;
    const code = error instanceof CivitasError ? error.code : String(error);
    recorder.note(hostname, { type: 'agent.failed', life: failed.number, code });
    end('killed');
    void clock.sleep(RESTART_MS).then(machine.start);
  }

  function end(how: 'killed' | 'stopped'): void {
    if (!life) return;
    recorder.note(hostname, { type: 'agent.ended', life: life.number, how });
    life.end();
    if (how === 'stopped' || random.number() < 0.5) process?.link()?.setUp(false);
    life = undefined;
    process = undefined;
  }

  const machine: Machine = {
    hostname,
    node: () => installed.node,
    directory: () => installed.directory,
    agent: () => process,
    isRunning: () => life !== undefined,
    term: () => process?.member.current()?.log.leadership.term(),
    link: () => process?.link(),
    start() {
      if (!life && isPowered()) begin();
    },
    kill: () => end('killed'),
    async stop() {
      const stopping = life;
      await process?.stop();
      if (stopping === life) end('stopped');
    },
    pause() {
      if (!life) return;
      life.pause();
      recorder.note(hostname, { type: 'agent.paused', life: life.number });
    },
    resume() {
      if (!life?.isPaused()) return;
      life.resume();
      recorder.note(hostname, { type: 'agent.resumed', life: life.number });
    },
    jumpWall(byMs) {
      wallOffsetMs += byMs;
      world.setWallOffset(hostname, wallOffsetMs);
    },
    powerOff(options = { unsynced: 'lost' }) {
      end('killed');
      world.powerOff(hostname, options);
    },
    boot() {
      if (!isPowered()) {
        // No boot starts them: the agent does, once it knows that they still are replicas of the log.
        for (const [name, log] of installed.enabledReplicas) log.setRunning(name, false);
        world.boot(hostname);
      }
      machine.start();
    },
    renumber(address) {
      world.renumber(hostname, address);
      installed = { ...installed, node: { ...installed.node, addresses: [address] } };
      if (!life) return;
      end('killed');
      void clock.sleep(RESTART_MS).then(machine.start);
    },
    wipe() {
      end('killed');
      world.wipe(hostname);
      for (const log of logs.all()) log.loseHost(hostname);
      const { zone, labels, capacity, machineIdHash, addresses } = installed.node;
      const same = { zone, labels, capacity, machineIdHash, hostname };
      installed = install({ ...nodeRecord(number, random, same), addresses });
    },
  };

  function isPowered(): boolean {
    return world.state.hosts.get(hostname)?.runtime !== undefined;
  }

  return machine;
}

/** Enough of the arguments to see what was done, and nothing of what was written; replicas of the log by name. */
function shown(args: readonly unknown[]): readonly unknown[] {
  return args
    .map(nameOf)
    .filter((arg) => typeof arg !== 'object' || Array.isArray(arg))
    .slice(0, 3);
}

function nameOf(arg: unknown): unknown {
  return arg instanceof Object && 'serverName' in arg ? arg.serverName : arg;
}
