/** After sysexits(3). */
export const exitCodes = { ok: 0, failed: 1, usage: 64, config: 78 } as const;

/** What was asked cannot be done; the message says what to type instead. */
export class UsageError extends Error {
  readonly code: number;
  constructor(message: string, code: number = exitCodes.usage) {
    super(message);
    this.code = code;
  }
}
