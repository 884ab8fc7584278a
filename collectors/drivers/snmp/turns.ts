/** One at a time, in the order of asking: whoever is done goes to the end of the queue with what he asks next. */
export class Turns {
  #taken = false;
  readonly #waiting: (() => void)[] = [];

  /** Begins now or when it is one's turn; `leave` is due afterwards. */
  enter(begin: () => void): void {
    if (this.#taken) this.#waiting.push(begin);
    else {
      this.#taken = true;
      begin();
    }
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken = false;
    else next();
  }

  /** Gives up a place in the queue. */
  withdraw(begin: () => void): void {
    const place = this.#waiting.indexOf(begin);
    if (place >= 0) this.#waiting.splice(place, 1);
  }
}
