import { join } from 'node:path';
import { tellAgent } from '../../adapters/local-api-client.ts';
import { clusterSpecSchema } from '../../state/cluster-spec.ts';
import { specAnswerSchema } from '../../state/local-changes.ts';
import { documentText } from '../document-text.ts';
import { knownLog } from '../known-log.ts';
import { paintFor } from '../paint.ts';
import { readSpecDocument } from '../spec-file.ts';
import { consequencesOf } from './consequences.ts';
import { renderWhatIf } from './render-what-if.ts';

interface Options {
  readonly stateDir: string;
  readonly file: string;
  readonly output: 'table' | 'wide' | 'json' | 'yaml';
}

/**
 * Prints the roles and the rollout that the leader would make of a document, by what this agent knows of
 * the log; nothing is changed. TerminalError `spec.refused` names every field that is wrong.
 */
export async function whatIf({ stateDir, file, output }: Options): Promise<void> {
  const { document } = await readSpecDocument(file);
  const ask = { document, dryRun: true };
  const { changes } = await tellAgent(
    join(stateDir, 'agent.sock'),
    '/v1/spec',
    ask,
    specAnswerSchema,
  );
  const log = await knownLog(stateDir);
  const wallMs = Date.now();
  const found = consequencesOf(clusterSpecSchema.parse(document), changes, log, wallMs);
  if (output === 'json' || output === 'yaml') {
    const whole = { apiVersion: 'civitas.dev/v1alpha1', kind: 'WhatIf', ...found };
    process.stdout.write(await documentText(whole, output));
    return;
  }
  process.stdout.write(renderWhatIf(found, log, { paint: paintFor(process.stdout), wallMs }));
}
