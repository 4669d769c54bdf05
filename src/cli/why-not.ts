import { type WhyNot, whyNotPromote } from '../state/why-not-promote.ts';
import { documentText } from './document-text.ts';
import { knownLog } from './known-log.ts';
import { namedNode } from './named-node.ts';
import { timeText } from './time-text.ts';

interface Options {
  readonly stateDir: string;
  readonly output: 'table' | 'json' | 'yaml';
}

/** Prints why a node is not made a control plane. TerminalError `cli.unknown-node`. */
export async function whyNot(node: string, { stateDir, output }: Options): Promise<void> {
  const log = await knownLog(stateDir);
  const answer = whyNotPromote(namedNode(node, log), log);
  if (output === 'table') {
    process.stdout.write(renderWhyNot(answer));
    return;
  }
  const document = { apiVersion: 'civitas.dev/v1alpha1', kind: 'WhyNot', ...answer };
  process.stdout.write(await documentText(document, output));
}

/** The human form: what stands against it now, then what the last decision said. */
export function renderWhyNot({ hostname, obstacles, passedOver, revision }: WhyNot): string {
  const now =
    obstacles.length === 0
      ? [`Nothing stands against ${hostname}: it would be promoted next.`]
      : [`${hostname} is not promoted:`, ...obstacles.map((obstacle) => `  ${obstacle}`)];
  const before =
    passedOver === null
      ? ['No decision that is kept passed it over.']
      : [
          `Last passed over ${timeText(passedOver.wallMs)} (revision ${passedOver.revision}): ${hostname} ${passedOver.reason}`,
          `  when: ${passedOver.summary}`,
        ];
  return `${[...now, ...before, `Judged at revision ${revision}.`].join('\n')}\n`;
}
