/** `2026-03-01 12:30:05`, in UTC as in the agents' logs. */
export function timeText(wallMs: number): string {
  return new Date(wallMs).toISOString().slice(0, 19).replace('T', ' ');
}
