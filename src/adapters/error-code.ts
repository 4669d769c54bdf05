/** Whether Node gave an error one of these codes, e.g. `ENOENT`. No class is asked for: realms differ in it. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return codes.includes(String(error.code));
}
