import { z } from 'zod';
import { clusterSpecSchema } from './cluster-spec.ts';

/** As `civitas get spec` writes it, and `civitas apply` reads it. */
const documentSchema = clusterSpecSchema.extend({
  metadata: z
    .strictObject({ revision: z.int().min(1) })
    .optional()
    .describe('Of the spec that this is an edit of; nobody else’s change is undone then.'),
});

/** JSON Schema (2020-12) of a Cluster document, for editors. */
export function specJsonSchema(): object {
  const schema = z.toJSONSchema(documentSchema, { io: 'input' });
  return {
    ...schema,
    title: 'Cluster of civitas',
    description: 'What the people who own a cluster ask of it. All but the version has a default.',
  };
}
