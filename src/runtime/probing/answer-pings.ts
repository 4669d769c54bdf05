import { z } from 'zod';
import type { Peers } from '../../ports/peers.ts';
import { nodeSchema } from '../../state/node.ts';

const answerSchema = z.object({ incarnation: nodeSchema.shape.incarnation });

/** Tells whoever asks that this agent lives, and in which life of its node. */
export function answerPings(
  peers: Pick<Peers, 'serve'>,
  { incarnation }: { readonly incarnation: number },
): void {
  peers.serve('ping', async () => ({ incarnation }) satisfies z.infer<typeof answerSchema>);
}

/** Throws for what no agent of this protocol says. */
export function incarnationIn(answer: unknown): number {
  return answerSchema.parse(answer).incarnation;
}
