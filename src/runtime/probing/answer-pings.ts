import { z } from 'zod';
import type { Clock } from '../../ports/clock.ts';
import type { Peers } from '../../ports/peers.ts';
import { nodeSchema } from '../../state/node.ts';

const answerSchema = z.object({
  incarnation: nodeSchema.shape.incarnation,
  /** Of whoever answers; those of an earlier release do not tell. */
  wallMs: z.int().optional(),
});

export type PingAnswer = z.infer<typeof answerSchema>;

/** Tells whoever asks that this agent lives, in which life of its node, and by which wall clock. */
export function answerPings(
  peers: Pick<Peers, 'serve'>,
  { incarnation }: { readonly incarnation: number },
  clock: Pick<Clock, 'wallMs'>,
): void {
  peers.serve('ping', async () => {
    return { incarnation, wallMs: clock.wallMs() } satisfies PingAnswer;
  });
}

/** Throws for what no agent of this protocol says. */
export function pingAnswerIn(answer: unknown): PingAnswer {
  return answerSchema.parse(answer);
}
