const ONE_MINUTE_MS = 60_000;
const ONE_HOUR_MS = 3_600_000;

/** `-12.3s`, `1m5.2s`, `1h2m0s`: a moment of virtual time to a tenth of a second. */
export function momentText(ms: number): string {
  const sign = ms < 0 ? '-' : '';
  const roundMs = Math.round(Math.abs(ms) / 100) * 100;
  const hours = Math.floor(roundMs / ONE_HOUR_MS);
  const minutes = Math.floor((roundMs % ONE_HOUR_MS) / ONE_MINUTE_MS);
  const seconds = `${(roundMs % ONE_MINUTE_MS) / 1_000}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}
