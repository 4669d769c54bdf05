/** What has to be undone when an agent stops, or when its start fails half-way. */
export interface Cleanup {
  add(undo: () => Promise<unknown>): void;
  /** Undoes everything, the last first, each thing once. */
  run(): Promise<void>;
}

export function createCleanup(): Cleanup {
  const undos: (() => Promise<unknown>)[] = [];
  return {
    add: (undo) => {
      undos.push(undo);
    },
    async run() {
      for (const undo of undos.splice(0).reverse()) await undo();
    },
  };
}
