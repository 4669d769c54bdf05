import { z } from 'zod';

/** Name of the file with the addresses of peers met before. */
export const REMEMBERED_PEERS_FILE = 'peers';

export const MAX_REMEMBERED_PEERS = 64;

export const rememberedPeersSchema = z.strictObject({
  version: z.literal(1),
  endpoints: z
    .array(
      z.strictObject({
        address: z.union([z.ipv4(), z.ipv6()]),
        port: z.int().min(1).max(65_535),
      }),
    )
    .max(MAX_REMEMBERED_PEERS),
});
