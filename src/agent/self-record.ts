import { hostname as machineName } from 'node:os';
import { hostAddresses } from '../adapters/host-addresses.ts';
import type { Identity } from '../adapters/identity.ts';
import { machineIdHash } from '../adapters/machine-id.ts';
import { TerminalError } from '../errors.ts';
import { type Node, nodeSchema } from '../state/node.ts';
import { VERSION } from '../version.ts';
import type { AgentOptions } from './agent-options.ts';

const HASH_LETTERS = 64;
const machineSchema = nodeSchema.omit({ capacity: true });

/** Who a machine is: the record of a node without what it is worth. */
export type Machine = Omit<Node, 'capacity'>;

/**
 * Who this machine is. TerminalError `agent.no-address` without a global
 * address, `agent.bad-name` when a name is none that Kubernetes takes.
 */
export async function selfRecord(identity: Identity, options: AgentOptions): Promise<Machine> {
  const record = {
    nodeId: identity.nodeId,
    incarnation: 1,
    hostname: (options.hostname ?? machineName()).toLowerCase(),
    addresses: addresses(options.address),
    peerPort: options.port,
    logPortBase: options.logPortBase,
    machineIdHash: await ownMachineIdHash(identity, options),
    zone: options.zone,
    labels: { ...options.labels },
    sealKey: Buffer.from(identity.sealPublicKey).toString('base64'),
    agentVersion: VERSION,
  };
  const { success, data, error } = machineSchema.safeParse(record);
  if (success) return data;
  const [issue] = error.issues;
  const message = `The ${issue?.path.join('.')} of this machine is refused (${issue?.message}): name another with --hostname or --address.`;
  throw new TerminalError('agent.bad-name', message);
}

function addresses(chosen: string | undefined): string[] {
  const all = hostAddresses().map(({ address }) => address);
  if (chosen !== undefined) return [chosen];
  if (all.length > 0) return all.slice(0, 16);
  throw new TerminalError(
    'agent.no-address',
    'This machine has no global IPv4 address: configure its network, or name one with --address.',
  );
}

/** Simulated hosts share one machine, so each takes its own identity for a machine id. */
async function ownMachineIdHash(identity: Identity, options: AgentOptions): Promise<string> {
  if (options.simulatedWorld === undefined) return machineIdHash();
  return Buffer.from(identity.publicKey).toString('hex').padEnd(HASH_LETTERS, '0');
}
