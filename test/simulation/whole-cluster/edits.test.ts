import { expect, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { SINGLETON } from '../../../src/state/kinds.ts';
import { factsOf, wholeFacts } from '../../support/fleet-facts.ts';
import { logOf } from '../../support/fleet-log.ts';
import { ask, tell } from '../../support/fleet-people.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 120_000;
const FIVE_MINUTES_MS = 300_000;

async function wholeFleet(nodes: number, seed: number): Promise<Fleet> {
  const fleet = startFleet({ nodes, seed, spec: { controlPlanes: 3 } });
  await untilWhole(fleet);
  await untilTidy(fleet);
  return fleet;
}

function specOf(fleet: Fleet) {
  const entry = logOf(fleet).get('spec', SINGLETON);
  if (!entry) throw new RangeError('there is no spec yet');
  return entry;
}

/** What `civitas apply` sends after the spec was read and a number in it changed. */
function edited(fleet: Fleet, controlPlanes: number) {
  const { value, revision } = specOf(fleet);
  return { document: { ...value, controlPlanes }, ifRevision: revision, dryRun: false };
}

async function expectWhole(fleet: Fleet, controlPlanes: number): Promise<void> {
  await untilTidy(fleet);
  fleet.end();
  const facts = factsOf(fleet);
  expect(facts).toEqual(wholeFacts(fleet));
  expect(facts.members).toHaveLength(controlPlanes);
  expect(check(fleet.recorder.trace())).toEqual([]);
}

test(
  'as many control planes as people ask for, one time after the other: 3, 1, 3, 5, 3',
  async () => {
    const fleet = await wholeFleet(5, 1);
    const counts: number[] = [];
    for (const controlPlanes of [1, 3, 5, 3]) {
      await tell(fleet, fleet.machine('n1'), '/v1/spec', edited(fleet, controlPlanes));
      await fleet.clock.advance(5_000);
      await untilWhole(fleet, FIVE_MINUTES_MS);
      await untilTidy(fleet);
      counts.push(factsOf(fleet).members.length);
    }
    expect(counts).toEqual([1, 3, 5, 3]);
    await expectWhole(fleet, 3);
  },
  TIMEOUT_MS,
);

test(
  'of two edits at one time one is taken, and the other is shown what differs',
  async () => {
    const fleet = await wholeFleet(5, 2);
    const answers = await fleet.clock.drive(
      Promise.allSettled([
        ask(fleet, fleet.machine('n1'), '/v1/spec', edited(fleet, 5)),
        ask(fleet, fleet.machine('n2'), '/v1/spec', edited(fleet, 1)),
      ]),
    );
    const taken = answers.filter(({ status }) => status === 'fulfilled');
    const refused = answers.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(taken).toHaveLength(1);
    const { controlPlanes } = specOf(fleet).value;
    const other = controlPlanes === 5 ? 1 : 5;
    expect(refused).toMatchObject([
      {
        code: 'apply.conflict',
        message: expect.stringContaining(`(yours says controlPlanes: ${controlPlanes} → ${other})`),
      },
    ]);
    await fleet.clock.advance(5_000);
    await untilWhole(fleet, FIVE_MINUTES_MS);
    await expectWhole(fleet, controlPlanes);
  },
  TIMEOUT_MS,
);

test(
  'an edit that was confirmed is carried out though the leader dies at once',
  async () => {
    const fleet = await wholeFleet(5, 3);
    const leader = fleet.leader();
    const [asked] = fleet.machines.filter((machine) => machine !== leader);
    if (!leader || !asked) throw new RangeError('nobody leads');
    await tell(fleet, asked, '/v1/spec', edited(fleet, 1));
    leader.kill();
    await fleet.clock.advance(60_000);
    leader.start();
    await fleet.clock.advance(5_000);
    await untilWhole(fleet, FIVE_MINUTES_MS);
    await expectWhole(fleet, 1);
  },
  TIMEOUT_MS,
);
