import type { Clock } from '../ports/clock.ts';
import type { HostFiles } from '../ports/host-files.ts';
import { type RunCommand, runOrThrow } from './execa-exec.ts';
import { rememberAnswer } from './remembered-answer.ts';

const TABLE = 'civitas';
const KUBE_PROXY_TABLES = ['ip kube-proxy', 'ip6 kube-proxy'];
const TIMEOUT_MS = 10_000;

/** Masquerading of pods that leave the pod subnet; rejects with RetryableError `pod-network.nft`. */
export interface PodMasquerade {
  /** The pod subnet of the rule that is in force; null when there is none. */
  subnet(): Promise<string | null>;
  set(podSubnet: string): Promise<void>;
  /** Takes away this rule, and the tables of kube-proxy (kube-proxy in nftables mode, proxier.go). */
  clear(): Promise<void>;
}

/**
 * No file shows the rules of nftables, so `nft` itself is asked: at first, after each change of ours,
 * when a masquerading rule came or went, and every ten minutes. Where nft_masq is built into the
 * kernel, a rule that somebody else took away is missed until then.
 */
export function createPodMasquerade(
  run: RunCommand,
  files: HostFiles,
  clock: Clock,
): PodMasquerade {
  async function ask(): Promise<string | null> {
    const args = ['list', 'chain', 'ip', TABLE, 'postrouting'];
    // Without the table it fails; were it for another reason, `set` would tell.
    const { exitCode, stdout } = await run('nft', args, { timeoutMs: TIMEOUT_MS });
    return exitCode === 0 ? parseSubnet(stdout) : null;
  }
  const present = rememberAnswer({ ask, evidence: () => masqueradingRules(files) }, clock);

  return {
    subnet: () => present.get(),
    set: async (podSubnet) => {
      present.forget();
      const options = { timeoutMs: TIMEOUT_MS, input: ruleset(podSubnet) };
      await runOrThrow(run, 'pod-network.nft', 'nft', ['--file', '-'], options);
    },
    clear: async () => {
      present.forget();
      const options = { timeoutMs: TIMEOUT_MS, input: removal() };
      await runOrThrow(run, 'pod-network.nft', 'nft', ['--file', '-'], options);
    },
  };
}

/** The module's line counts its users: one for each rule that masquerades. */
async function masqueradingRules(files: HostFiles): Promise<string> {
  return /^nft_masq .*$/m.exec((await files.read('/proc/modules')) ?? '')?.[0] ?? 'not a module';
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

/** To add a table that is there changes nothing, and makes its removal work where it is not. */
function removal(): string {
  const tables = [`ip ${TABLE}`, ...KUBE_PROXY_TABLES];
  return tables.map((table) => `add table ${table}\ndelete table ${table}\n`).join('');
}

function parseSubnet(chain: string): string | null {
  return /ip saddr (\S+) ip daddr .* masquerade/.exec(chain)?.[1] ?? null;
}
