import type { GenesisRecord } from '../state/genesis-record.ts';

/** Who waits for the record of a later epoch. */
export interface Succession {
  /** Resolves to `kept` if it is of a later epoch than this, else to the next one told that is. */
  after(epoch: number, kept: GenesisRecord | null): Promise<GenesisRecord>;
  tell(record: GenesisRecord): void;
}

export function createSuccession(): Succession {
  const waiting = new Set<(record: GenesisRecord) => void>();

  return {
    after(epoch, kept) {
      if (kept && kept.epoch > epoch) return Promise.resolve(kept);
      return new Promise((resolve) => {
        const listen = (record: GenesisRecord): void => {
          if (record.epoch <= epoch) return;
          waiting.delete(listen);
          resolve(record);
        };
        waiting.add(listen);
      });
    },
    tell(record) {
      for (const listen of [...waiting]) listen(record);
    },
  };
}
