import { stringify } from 'yaml';

/** A file of its own, as the library is only loaded for `-o yaml`. */
export function yamlText(value: unknown): string {
  return stringify(value);
}
