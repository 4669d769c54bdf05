export type DataFormat = 'json' | 'yaml';

/** A document for programs, with a line break at its end. */
export async function documentText(value: object, format: DataFormat): Promise<string> {
  if (format === 'yaml') return (await import('./yaml-text.ts')).yamlText(value);
  return `${JSON.stringify(value, null, 2)}\n`;
}
