import { type ClusterSpec, DAYS } from './cluster-spec.ts';

type Window = NonNullable<ClusterSpec['upgrade']['window']>;

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Whether changes may begin at that time; a window that begins in the evening may end the next day. */
export function isWithinWindow({ days, start, lengthMinutes }: Window, wallMs: number): boolean {
  const [hours = 0, minutes = 0] = start.split(':').map(Number);
  const today = Math.floor(wallMs / DAY_MS) * DAY_MS;
  const beginnings = [today - DAY_MS, today].map((day) => day + (hours * 60 + minutes) * MINUTE_MS);
  return beginnings.some((beginMs) => {
    // `Date` begins the week with Sunday.
    const day = DAYS[(new Date(beginMs).getUTCDay() + DAYS.length - 1) % DAYS.length];
    const isOpen = days === undefined || (day !== undefined && days.includes(day));
    return isOpen && beginMs <= wallMs && wallMs < beginMs + lengthMinutes * MINUTE_MS;
  });
}
