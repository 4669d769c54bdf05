import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { tellAgent } from '../../adapters/local-api-client.ts';
import { TerminalError } from '../../errors.ts';
import { clusterSpecSchema } from '../../state/cluster-spec.ts';
import { type SpecAnswer, specAnswerSchema } from '../../state/local-changes.ts';
import { knownLog } from '../known-log.ts';
import { presentSpec } from '../present-spec.ts';
import { parseSpecDocument } from '../spec-file.ts';
import { keptWording, withoutTold } from '../spec-text.ts';
import { withProgress } from '../with-progress.ts';
import type { Draft } from './draft.ts';
import { rebased } from './rebased.ts';
import { isGivenUp, overtakenRound, type Round, refusedRound, shownText } from './rounds.ts';

/** The agent learns of somebody else's edit a moment after the log refused ours for it. */
const LOOK_AGAIN_MS = 200;
const MOST_LOOKS = 50;
const REFUSALS: readonly string[] = ['spec.refused', 'spec.no-document'];

/**
 * Opens the editor again for as long as the log refuses what is left in it, or somebody else was
 * faster. Undefined when nothing was edited; TerminalError `edit.given-up` once something was.
 */
export async function editUntilTaken(
  draft: Draft,
  first: Round,
  stateDir: string,
): Promise<SpecAnswer | undefined> {
  let round = first;
  for (;;) {
    const written = await draft.edit(shownText(round, draft.schemaFile));
    const text = withoutTold(written.text);
    if (isGivenUp(round, text, written.saved)) return givenUp(round);
    const outcome = await ask(round, text, stateDir);
    if (!('why' in outcome)) return outcome;
    round = outcome;
  }
}

function givenUp({ why }: Round): undefined {
  if (why === 'first') return undefined;
  throw new TerminalError('edit.given-up', 'Nothing was changed, as the edit was given up.');
}

/** What the log made of it: an answer, or another round. */
async function ask(round: Round, text: string, stateDir: string): Promise<SpecAnswer | Round> {
  try {
    const { document } = parseSpecDocument('that you left', text);
    const edit = { document, dryRun: false, ifRevision: round.base.revision };
    const body = { ...edit, ...keptWording(text) };
    const told = tellAgent(join(stateDir, 'agent.sock'), '/v1/spec', body, specAnswerSchema);
    return await withProgress('waiting for the log to confirm the spec', told);
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    if (REFUSALS.includes(error.code)) return refusedRound(round, text, error.message);
    if (error.code === 'apply.conflict') return overtaken(round, text, stateDir);
    throw error;
  }
}

async function overtaken(round: Round, text: string, stateDir: string): Promise<Round> {
  const { base } = round;
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const { spec: now } = presentSpec(await knownLog(stateDir));
    if (now.revision !== base.revision) {
      // It was judged before anybody saw that it is late, so it fits.
      const mine = clusterSpecSchema.parse(parseSpecDocument('that you left', text).document);
      const onTop = rebased(text, { base: base.value, theirs: now.value, mine });
      return overtakenRound(round, now, onTop);
    }
    await delay(LOOK_AGAIN_MS);
  }
  throw new TerminalError(
    'edit.not-seen',
    'Somebody else changed the spec, which this agent has not seen yet: see what `civitas status` waits for.',
  );
}
