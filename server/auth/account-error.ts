/** An account cannot be made or changed as asked; the message tells a person why. */
export class AccountError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AccountError';
  }
}
