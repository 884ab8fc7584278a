/** After sysexits(3); docs/operations.md lists them. */
export const exitCodes = {
    ok: 0, failed: 1, usage: 64, unavailable: 69, internal: 70, unusable: 74, retry: 75, config: 78,
}; // prettier-ignore
/** What was asked cannot be done; the message says what to type instead. */
export class UsageError extends Error {
    code;
    constructor(message, code = exitCodes.usage) {
        super(message);
        this.code = code;
    }
}
//# sourceMappingURL=usage.js.map