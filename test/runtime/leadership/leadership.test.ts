import { expect, test } from '@jest/globals';
import { startLeadership } from '../../../src/runtime/leadership/leadership.ts';
import { createMemoryLeases } from '../../../src/simulation/memory-leases.ts';
import { createMemoryLink, type MemoryLink } from '../../../src/simulation/memory-link.ts';
import { createMemoryLog, type MemoryLog } from '../../../src/simulation/memory-log.ts';
import { createMemoryStore } from '../../../src/simulation/memory-store.ts';
import { createSeededRandom } from '../../../src/simulation/seeded-random.ts';
import { createVirtualClock, type VirtualClock } from '../../../src/simulation/virtual-clock.ts';
import { silentLog } from '../../support/silent-log.ts';
import { type Candidate, createCandidate } from './simulated-candidate.ts';

/** Three agents, one of which leads. */
async function threeCandidates() {
  const clock = createVirtualClock();
  const log = createMemoryLog();
  const random = createSeededRandom(1);
  const candidates = ['a', 'b', 'c'].map((name) => createCandidate(name, log, clock, random));
  await clock.advance(5_000);
  const leader = candidates.find((candidate) => candidate.leadership().term() !== undefined);
  if (!leader) throw new Error('nobody leads');
  const others = candidates.filter((candidate) => candidate !== leader);
  const terms = () => candidates.flatMap((candidate) => candidate.leadership().term() ?? []);
  return { clock, log, leader, others, terms };
}

const follows = ({ store }: Candidate) => store.get('leadership', 'current')?.value.nodeId;

test('on an empty log one agent leads at once, and all others see which', async () => {
  const { leader, others, terms } = await threeCandidates();
  expect(terms()).toEqual([leader.store.get('leadership', 'current')?.revision]);
  expect(others.map(follows)).toEqual([follows(leader), follows(leader)]);
});

test('a leader that stays healthy leads in the same term for ever', async () => {
  const { clock, terms } = await threeCandidates();
  const before = terms();
  await clock.advance(600_000);
  expect(terms()).toEqual(before);
});

test('a log without quorum for 20 s has nobody lead meanwhile and the same leader afterwards', async () => {
  const { clock, log, terms } = await threeCandidates();
  const before = terms();
  log.setQuorum(false);
  await clock.advance(20_000);
  const meanwhile = terms();
  log.setQuorum(true);
  await clock.advance(20_000);
  expect({ meanwhile, after: terms() }).toEqual({ meanwhile: [], after: before });
});

test('a leader that is cut off stops leading by itself 8 s after its last beat, and has a successor within 18 s', async () => {
  const { clock, leader, others } = await threeCandidates();
  leader.link.setUp(false);
  await clock.advance(10_000);
  const afterTenSeconds = leader.leadership().term();
  await clock.advance(8_000);
  const successors = others.flatMap((other) => other.leadership().term() ?? []);
  expect({ afterTenSeconds, successors: successors.length }).toEqual({
    afterTenSeconds: undefined,
    successors: 1,
  });
});

test('a leader that was paused does not lead when it comes back, whatever it remembers', async () => {
  const { clock, leader } = await threeCandidates();
  leader.pause();
  await clock.advance(60_000);
  expect(leader.resume()).toBeUndefined();
});

test('an agent that watched nothing for a minute can not take over from a healthy leader', async () => {
  const { clock, others, terms } = await threeCandidates();
  const before = terms();
  for (const other of others) other.link.setWatching(false);
  await clock.advance(60_000);
  expect(terms()).toEqual(before);
});

test('a leader that releases its term has a successor within two seconds', async () => {
  const { clock, leader, others } = await threeCandidates();
  const stopping = leader.leadership().stop(true);
  await clock.drive(stopping);
  await clock.advance(2_000);
  const successors = others.flatMap((other) => other.leadership().term() ?? []);
  expect({ left: leader.leadership().term(), successors: successors.length }).toEqual({
    left: undefined,
    successors: 1,
  });
});

test('a leader that crashed and starts anew leads again within two seconds, in a new term', async () => {
  const { clock, leader, terms } = await threeCandidates();
  const [before] = terms();
  leader.crash();
  await clock.advance(2_000);
  const term = leader.leadership().term();
  expect({ leads: term !== undefined, newer: (term ?? 0) > (before ?? 0) }).toEqual({
    leads: true,
    newer: true,
  });
});

test('a log that changes its own leader again and again changes nothing about who leads', async () => {
  const { clock, log, terms } = await threeCandidates();
  const before = terms();
  for (let round = 0; round < 10; round++) {
    log.restart();
    await clock.advance(7_000);
  }
  expect(terms()).toEqual(before);
});

test('who was told that an agent does not lead hears when it does again, also when one beat took that long', async () => {
  const clock = createVirtualClock();
  const log = createMemoryLog();
  const way = { ms: 1 };
  const link = createMemoryLink(() => clock.sleep(way.ms));
  const leadership = soleCandidate(log, link, clock);
  await clock.advance(5_000);
  const term = leadership.term();
  const told: (number | undefined)[] = [];
  leadership.onLead(() => told.push(leadership.term()));

  link.setUp(false);
  await clock.advance(5_000);
  link.setUp(true);
  way.ms = 1_500;
  await clock.runUntil(() => leadership.term() === undefined, 4_000);
  await clock.advance(10_000);
  expect({ term: typeof term, told }).toEqual({ term: 'number', told: [term] });
});

function soleCandidate(log: MemoryLog, link: MemoryLink, clock: VirtualClock) {
  const self = { nodeId: 'aaaaaaaaaaa', incarnation: 1, record: undefined as never };
  const store = createMemoryStore({ log, link });
  const leases = createMemoryLeases({ log, link, clock, self });
  const random = createSeededRandom(1);
  return startLeadership({
    clock,
    leases,
    log: silentLog,
    random,
    self,
    store,
    mayLead: () => true,
  });
}
