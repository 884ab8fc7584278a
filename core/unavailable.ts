/** A store cannot answer now: it is away, hung or being replaced. Worth another try later; the message may be shown to a client. */
export class UnavailableError extends Error {}
