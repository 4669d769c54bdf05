import type { ClusterSpec } from './cluster-spec.ts';

type Window = NonNullable<ClusterSpec['upgrade']['window']>;

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** As `Date` counts them. */
const DAYS = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const;

/** Whether changes may begin at that time; a window that begins in the evening may end the next day. */
export function isWithinWindow({ days, start, lengthMinutes }: Window, wallMs: number): boolean {
  const [hours = 0, minutes = 0] = start.split(':').map(Number);
  const today = Math.floor(wallMs / DAY_MS) * DAY_MS;
  const beginnings = [today - DAY_MS, today].map((day) => day + (hours * 60 + minutes) * MINUTE_MS);
  return beginnings.some((beginMs) => {
    const day = DAYS[new Date(beginMs).getUTCDay()];
    const isOpen = days === undefined || (day !== undefined && days.includes(day));
    return isOpen && beginMs <= wallMs && wallMs < beginMs + lengthMinutes * MINUTE_MS;
  });
}
