import { specJsonSchema } from '../state/spec-json-schema.ts';

/** Prints the JSON Schema of a Cluster document, for editors and for checks elsewhere. */
export function schema(): void {
  process.stdout.write(`${JSON.stringify(specJsonSchema(), null, 2)}\n`);
}
