import type { LogLevel } from '../adapters/pino-log.ts';
import type { StaticPeer } from '../adapters/static-discovery.ts';

/** How an agent was asked to run; what `civitas join` makes of its command line. */
export interface AgentOptions {
  /** The whole token, one line. */
  readonly token: string;
  readonly stateDir: string;
  /** Undefined: the first global address of the machine. */
  readonly address: string | undefined;
  /** Undefined: the machine's own name. */
  readonly hostname: string | undefined;
  readonly port: number;
  readonly logPortBase: number;
  readonly zone: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly peers: readonly StaticPeer[];
  readonly logLevel: LogLevel;
  /** Socket of a simulated world; undefined: this is a real host. */
  readonly simulatedWorld: string | undefined;
}
