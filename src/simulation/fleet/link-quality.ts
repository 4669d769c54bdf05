/** How packets fare between all hosts; TCP makes of a lost one a late one. */
export interface LinkQuality {
  /** In [0, 1): chance that one packet is lost. */
  loss: number;
  /** On top of every way. */
  delayMs: number;
  /** In [0, 1): chance that one request arrives twice. */
  doubled: number;
  /** What is larger never arrives, and nobody is told. */
  mostBytes: number;
}

export function perfectLink(): LinkQuality {
  return { loss: 0, delayMs: 0, doubled: 0, mostBytes: Number.POSITIVE_INFINITY };
}

/** Whether a message never arrives. */
export function isTooBig(text: string | null | undefined, { mostBytes }: LinkQuality): boolean {
  return (text ?? '').length > mostBytes;
}
