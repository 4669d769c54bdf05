/** How a long command of this host stands. */
export type Command =
  | { readonly phase: 'absent' }
  | { readonly phase: 'running' }
  | {
      readonly phase: 'ended';
      readonly outcome: 'succeeded' | 'failed';
      /** For people, where what it should have brought does not show. */
      readonly reason: string;
      readonly output: string;
    };
