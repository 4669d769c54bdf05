/** A failure that the lab foresaw: one sentence that names the thing and the cure. Exit code 1. */
export class LabError extends Error {
  override readonly name = 'LabError';
}
