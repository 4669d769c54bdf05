import type { Clock } from '../../ports/clock.ts';
import type { Kube } from '../../ports/kube.ts';
import type { Log } from '../../ports/log.ts';
import { type LeaseSight, lookedAgain } from '../../state/kubelet-beat.ts';

const LOOK_MS = 5_000;
/** A kubelet renews its lease every 10 s, so it missed one at least, by looks that are 5 s apart. */
const NEVER_SEEN_MS = 15_000;
/** It was seen to renew it, and missed two. */
const STOPPED_MS = 20_000;

export interface KubeletsDeps {
  readonly clock: Clock;
  readonly kube: Pick<Kube, 'nodeLeases'>;
  readonly log: Pick<Log, 'debug'>;
  /** Whether this host may ask an API server at all. */
  mayAsk(): boolean;
  /** Nodes whose agents do not answer, by host name. */
  silent(): readonly string[];
  /** Called when it looked and something is another than before. */
  onNews(): void;
}

/** Looks at the kubelets of nodes whose agents are silent: an agent may be gone while its host serves. */
export interface Kubelets {
  /** Somebody may have fallen silent. Nothing is asked while nobody is. */
  wake(): void;
  /** Its lease was renewed not long ago, or was not watched for long enough to say that it was not. */
  beats(hostname: string): boolean;
  stop(): Promise<void>;
}

export function watchKubelets(deps: KubeletsDeps): Kubelets {
  const { clock, kube, log, mayAsk, silent, onNews } = deps;
  const stopping = new AbortController();
  let sights: ReadonlyMap<string, LeaseSight> = new Map();
  let looking: Promise<void> | undefined;
  let told = '';

  async function look(names: readonly string[]): Promise<void> {
    const leases = await kube.nodeLeases();
    const nowMs = clock.nowMs();
    sights = new Map(
      names.flatMap((name) => {
        const lease = leases.find(({ node }) => node === name);
        const sight = lookedAgain(sights.get(name), lease, { nowMs });
        return sight ? [[name, sight]] : [];
      }),
    );
  }

  function tellNews(): void {
    const beating = [...sights.keys()].filter(beats).sort().join();
    if (beating === told) return;
    told = beating;
    onNews();
  }

  async function lookOn(): Promise<void> {
    while (!stopping.signal.aborted && mayAsk() && silent().length > 0) {
      await look(silent()).catch((err) => {
        log.debug({ event: 'kubelets.unknown', err }, 'kubelet leases unknown');
      });
      tellNews();
      await clock.sleep(LOOK_MS, stopping.signal);
    }
    sights = new Map();
    looking = undefined;
    tellNews();
  }

  function beats(hostname: string): boolean {
    const sight = sights.get(hostname);
    if (!sight) return false;
    return clock.nowMs() - sight.sinceMs < (sight.moved ? STOPPED_MS : NEVER_SEEN_MS);
  }

  return {
    wake() {
      if (stopping.signal.aborted || looking || !mayAsk() || silent().length === 0) return;
      looking = lookOn();
    },
    beats,
    async stop() {
      stopping.abort();
      await looking;
    },
  };
}
