const TELL_AFTER_MS = 1_000;
const CLEAR_LINE = '\r\u001B[K';

/** One line that is rewritten; nothing but on a terminal. */
export interface ProgressLine {
  tell(text: string): void;
  /** The line is gone as if it had never been. */
  clear(): void;
}

export function progressLine(stream: NodeJS.WriteStream): ProgressLine {
  const write = (text: string): void => {
    if (stream.isTTY) stream.write(text);
  };
  return {
    tell: (text) => write(`${CLEAR_LINE}${text} …`),
    clear: () => write(CLEAR_LINE),
  };
}

/** Waits for the work; after a second it says what for. */
export async function withProgress<T>(text: string, work: Promise<T>): Promise<T> {
  const line = progressLine(process.stderr);
  const timer = setTimeout(() => line.tell(text), TELL_AFTER_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    line.clear();
  }
}
