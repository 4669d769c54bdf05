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

/** `unwatched`: its lease was not watched for long enough to say whether it is still renewed. */
type KubeletLife = 'renews' | 'unwatched' | 'stopped';

/** Looks at the kubelets of nodes whose agents are silent: an agent may be gone while its host serves. */
export interface Kubelets {
  /** Somebody may have fallen silent. Nothing is asked while nobody is. */
  wake(): void;
  lifeOf(hostname: string): KubeletLife;
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
    const lives = [...sights.keys()].map((name) => `${name} ${lifeOf(name)}`);
    const news = lives.sort().join();
    if (news === told) return;
    told = news;
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

  function lifeOf(hostname: string): KubeletLife {
    const { sinceMs = Number.NEGATIVE_INFINITY, moved = false } = sights.get(hostname) ?? {};
    const forMs = clock.nowMs() - sinceMs;
    if (moved) return forMs < STOPPED_MS ? 'renews' : 'stopped';
    return forMs < NEVER_SEEN_MS ? 'unwatched' : 'stopped';
  }

  return {
    wake() {
      if (stopping.signal.aborted || looking || !mayAsk() || silent().length === 0) return;
      looking = lookOn();
    },
    lifeOf,
    async stop() {
      stopping.abort();
      await looking;
    },
  };
}
