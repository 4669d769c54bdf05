type Fields = { readonly event: string } & Record<string, unknown>;

/** Structured log: `event` is from docs/events.md, `message` constant, variables only in fields. */
export interface Log {
  debug(fields: Fields, message: string): void;
  info(fields: Fields, message: string): void;
  warn(fields: Fields, message: string): void;
  error(fields: Fields, message: string): void;
}
