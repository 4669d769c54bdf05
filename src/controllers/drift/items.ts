export function isConfigMap(item: string): boolean {
  return item.startsWith('config-map:');
}
