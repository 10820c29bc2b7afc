/** Closes what was opened, the last first. */
export class Closing {
  readonly #open: { close(): Promise<void> }[] = [];

  /** Remembers to close it. */
  later<Closable extends { close(): Promise<void> }>(closable: Closable): Closable {
    this.#open.push(closable);
    return closable;
  }

  /** Opens what `open` opens; where that fails, what it had opened is closed. */
  async orClose<Result>(open: () => Promise<Result>): Promise<Result> {
    try {
      return await open();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    for (let last = this.#open.pop(); last !== undefined; last = this.#open.pop()) await last.close();
  }
}
