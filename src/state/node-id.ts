import { z } from 'zod';

/** First 55 bits of the SHA-256 of the node's Ed25519 public key, in lower-case base32: 11 letters. */
export const nodeIdSchema = z
  .string()
  .regex(/^[a-z2-7]{11}$/, 'must be a node id: 11 base32 letters');

export type NodeId = z.infer<typeof nodeIdSchema>;
