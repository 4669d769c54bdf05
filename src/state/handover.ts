import { z } from 'zod';
import { nodeIdSchema } from './node-id.ts';

/** A box only one node can open: X25519 ephemeral key, HKDF-SHA256, AES-256-GCM; all base64. */
export const sealedSchema = z.strictObject({
  ephemeralKey: z.string().max(64),
  nonce: z.string().max(32),
  ciphertext: z.string().max(200_000),
});

/**
 * Keys and bootstrap token on their way to one joining node: key `nodeId`. Written by the
 * sponsor, deleted by it together with the token once the join is done or the token expired.
 */
export const handoverSchema = z.strictObject({
  nodeId: nodeIdSchema,
  operationId: z.string().max(63),
  /** What it is good for: an attempt begins only with a handover of its own. */
  attempt: z.int().min(1),
  sponsor: nodeIdSchema,
  /** The public half of the bootstrap token, `[a-z0-9]{6}`. */
  tokenId: z.string().regex(/^[a-z0-9]{6}$/),
  expiresWallMs: z.int().min(0),
  sealed: sealedSchema,
});

/** What the box holds. */
export const handoverBundleSchema = z.strictObject({
  caCertificate: z.string().max(16_384),
  bootstrapToken: z.string().regex(/^[a-z0-9]{6}\.[a-z0-9]{16}$/),
  /** Files for the joining host: control planes get the shared PKI, all of them the extra files. */
  files: z
    .array(
      z.strictObject({
        path: z.string().regex(/^\/etc\/kubernetes\/[a-zA-Z0-9_./-]{1,200}$/),
        mode: z.int().min(0).max(0o777),
        content: z.string().max(65_536),
      }),
    )
    .max(32),
});

export type Sealed = z.infer<typeof sealedSchema>;
export type Handover = z.infer<typeof handoverSchema>;
export type HandoverBundle = z.infer<typeof handoverBundleSchema>;
