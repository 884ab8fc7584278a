/** Why a device could not be read, by what the caller should do: all of these are tried again with backoff. */
export class FieldError extends Error {
    kind;
    constructor(kind, message, options) {
        super(message, options);
        this.name = 'FieldError';
        this.kind = kind;
    }
}
//# sourceMappingURL=driver.js.map