import { type RunCommand, runOrThrow } from './execa-exec.ts';

const TABLE = 'civitas';
const TIMEOUT_MS = 10_000;

/** Masquerading of pods that leave the pod subnet; rejects with RetryableError `pod-network.nft`. */
export interface PodMasquerade {
  /** The pod subnet of the rule that is in force; null when there is none. */
  subnet(): Promise<string | null>;
  set(podSubnet: string): Promise<void>;
}

export function createPodMasquerade(run: RunCommand): PodMasquerade {
  return {
    subnet: async () => {
      const args = ['list', 'chain', 'ip', TABLE, 'postrouting'];
      // Without the table it fails; were it for another reason, `set` would tell.
      const { exitCode, stdout } = await run('nft', args, { timeoutMs: TIMEOUT_MS });
      return exitCode === 0 ? parseSubnet(stdout) : null;
    },
    set: async (podSubnet) => {
      const options = { timeoutMs: TIMEOUT_MS, input: ruleset(podSubnet) };
      await runOrThrow(run, 'pod-network.nft', 'nft', ['--file', '-'], options);
    },
  };
}

/**
 * One transaction; the first line makes the second work where there is no table yet. Multicast
 * is for neighbours, who would not know an answer to another address.
 */
function ruleset(podSubnet: string): string {
  return `add table ip ${TABLE}
delete table ip ${TABLE}
table ip ${TABLE} {
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${podSubnet} ip daddr != { ${podSubnet}, 224.0.0.0/4 } masquerade
  }
}
`;
}

function parseSubnet(chain: string): string | null {
  return /ip saddr (\S+) ip daddr .* masquerade/.exec(chain)?.[1] ?? null;
}
