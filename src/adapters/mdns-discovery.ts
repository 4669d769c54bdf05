import type { QueryPacket, ResponsePacket } from 'multicast-dns';
import type { Clock } from '../ports/clock.ts';
import type { Discovery } from '../ports/discovery.ts';
import type { Random } from '../ports/random.ts';
import { createMdnsGuard } from './mdns-guard.ts';
import { mdnsHealth } from './mdns-health.ts';
import { type MdnsLink, openMdnsLink } from './mdns-link.ts';
import {
  type Announcer,
  type Answers,
  type Candidate,
  createAnnouncer,
  createCandidateReader,
  knownInstances,
  pointerTo,
  SERVICE,
} from './mdns-records.ts';
import { createMdnsResponder } from './mdns-responder.ts';
import { createMdnsSightings, type MdnsSightings } from './mdns-sightings.ts';

/** When to ask after the start or after an interface came up; from then on, every 30 s. */
const ASK_AT_MS = [0, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000];
const ASK_EVERY_MS = 30_000;
const LOOK_AT_INTERFACES_MS = 5_000;
const REOPEN_MS = 10_000;
const MAX_KNOWN_ANSWERS = 64;
const POLITE_MS = 200;

export interface MdnsDiscoveryOptions {
  readonly joinKey: Uint8Array;
  /** Where this node listens for peers: its preferred address, and the port that is announced. */
  readonly address: string;
  readonly port: number;
  readonly clock: Clock;
  readonly random: Random;
}

interface Context extends MdnsDiscoveryOptions {
  readonly announcer: Announcer;
  readonly sightings: MdnsSightings;
  readonly signal: AbortSignal;
  read(answers: Answers): readonly Candidate[];
  onCandidate(address: string, port: number): void;
}

/** Multicast DNS (RFC 6762, 6763) on the local links, service `_civitas._tcp`; IPv4 only. */
export function createMdnsDiscovery(options: MdnsDiscoveryOptions): Discovery {
  const { clock, joinKey, port } = options;
  const guard = createMdnsGuard();
  const sightings = createMdnsSightings();
  const announcer = createAnnouncer(joinKey, port);
  const read = createCandidateReader(joinKey);
  let link: MdnsLink | undefined;
  let failure: string | undefined;

  async function run(context: Context): Promise<void> {
    while (!context.signal.aborted) {
      try {
        link = await openMdnsLink(options.address, guard, clock.nowMs);
        failure = undefined;
        await serve(link, context);
      } catch (error) {
        failure = error instanceof Error ? error.message : String(error);
        await clock.sleep(REOPEN_MS, context.signal);
      }
    }
  }

  return {
    name: 'mdns',
    start(onCandidate) {
      const stopping = new AbortController();
      const { signal } = stopping;
      const running = run({ ...options, announcer, read, sightings, signal, onCandidate });
      return {
        stop: () => {
          stopping.abort();
          return running;
        },
      };
    },
    health: () => mdnsHealth({ link, failure, sightings }, clock.nowMs()),
  };
}

/** Until stopped: announces itself, asks for others, answers their questions. */
async function serve(link: MdnsLink, context: Context): Promise<void> {
  const { announcer, signal } = context;
  const respond = () => link.dns.respond(announcer.records());
  const respondSoon = createMdnsResponder({ ...context, respond });
  link.dns.on('query', (query) => {
    if (isForUs(query, announcer)) respondSoon();
  });
  link.dns.on('response', (response, from) => listen(response, from.address, context));
  // A packet that cannot be parsed is somebody else's trouble.
  link.dns.on('warning', () => undefined);
  link.dns.on('error', () => undefined);
  while (!signal.aborted) {
    respond();
    await askUntilChange(link, respondSoon, context);
  }
  link.dns.respond(announcer.records('goodbye'));
  await link.close();
}

/** Asks on schedule until stopped or until an interface came up, which begins the schedule anew. */
async function askUntilChange(
  link: MdnsLink,
  respondSoon: () => void,
  { clock, signal, sightings }: Context,
): Promise<void> {
  const sinceMs = clock.nowMs();
  for (let asked = 0; ; asked += 1) {
    const dueMs = sinceMs + askOffsetMs(asked);
    while (clock.nowMs() < dueMs) {
      await clock.sleep(Math.min(dueMs - clock.nowMs(), LOOK_AT_INTERFACES_MS), signal);
      if (signal.aborted || link.refresh()) return;
    }
    const known = sightings.fresh(clock.nowMs()).slice(0, MAX_KNOWN_ANSWERS);
    link.dns.query({
      questions: [{ name: SERVICE, type: 'PTR' }],
      answers: known.map(pointerTo),
    });
    respondSoon();
  }
}

function askOffsetMs(asked: number): number {
  const last = ASK_AT_MS.length - 1;
  const beyond = Math.max(0, asked - last);
  return (ASK_AT_MS[Math.min(asked, last)] ?? 0) + beyond * ASK_EVERY_MS;
}

function isForUs(
  { questions = [], answers = [] }: QueryPacket,
  { announcement }: Announcer,
): boolean {
  const isAsked = questions.some(({ name }) => name.toLowerCase() === SERVICE);
  return isAsked && !knownInstances(answers).includes(announcement.instance);
}

function listen(
  { answers = [], additionals = [] }: ResponsePacket,
  address: string,
  context: Context,
): void {
  const { announcer, sightings, clock } = context;
  for (const candidate of context.read([...answers, ...additionals])) {
    if (candidate.instance === announcer.announcement.instance) continue;
    sightings.note(candidate, address, clock.nowMs());
    if (candidate.isOurs) void hand(candidate, address, context);
  }
}

/** Both of a pair hear of each other at about the same time: one of them leaves the call to the other. */
async function hand({ instance, port }: Candidate, address: string, context: Context) {
  const { announcer, clock, signal } = context;
  if (instance < announcer.announcement.instance) await clock.sleep(POLITE_MS, signal);
  if (!signal.aborted) context.onCandidate(address, port);
}
