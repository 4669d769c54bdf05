import { specJsonSchema } from '../state/spec-json-schema.ts';
import { renderApplied } from './apply.ts';
import { openDraft } from './edit/draft.ts';
import { editUntilTaken } from './edit/edit-until-taken.ts';
import { firstRound } from './edit/rounds.ts';
import { knownLog } from './known-log.ts';
import { presentSpec } from './present-spec.ts';
import { specText } from './spec-text.ts';

interface Options {
  readonly stateDir: string;
  readonly wait?: boolean;
}

/**
 * Lets a person edit the spec until the log took it, or they give up: TerminalError `edit.given-up`.
 * Whatever it ends with, what they wrote is not lost: the file that keeps it is named.
 */
export async function edit({ stateDir, wait = false }: Options): Promise<void> {
  const { spec, wording } = presentSpec(await knownLog(stateDir));
  const draft = await openDraft(specJsonSchema());
  const first = firstRound(spec, specText(spec.value, wording));
  const answer = await editUntilTaken(draft, first, stateDir).catch(async (error: unknown) => {
    if (await draft.keepWritten()) {
      process.stderr.write(`What you wrote is kept in ${draft.file}, for \`civitas apply -f\`.\n`);
    }
    throw error;
  });
  await draft.remove();
  if (answer === undefined) {
    process.stdout.write('Nothing was edited.\n');
    return;
  }
  process.stdout.write(renderApplied(answer, 'kept'));
  if (!wait) return;
  const { followSpec } = await import('./plan/follow-spec.ts');
  await followSpec(stateDir, answer);
}
