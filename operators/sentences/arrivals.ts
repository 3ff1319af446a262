/** When the characters that wait have come, in as little memory as there were different moments. */
export class Arrivals {
  /** A start, its time, the next start, its time. One list: a token of each of a thousand streams finds nothing cached. */
  #moments: number[] = [];
  /** Where the first that counts stands. */
  #head = 0;
  /** Up to where characters have been given a new time, and when they really came. */
  #renewedEnd = 0;
  #came = 0;

  /** Characters from `start` on have come at `time`. */
  add(start: number, time: number): void {
    this.#moments.push(start, time);
  }

  /** When the character at `start` came; everything before it is forgotten. */
  since(start: number): number {
    const moments = this.#moments;
    while (this.#head + 2 < moments.length && (moments[this.#head + 2] ?? Infinity) <= start) this.#head += 2;
    const time = moments[this.#head + 1] ?? Infinity;
    if (this.#head > 128) {
      this.#moments = moments.slice(this.#head);
      this.#head = 0;
    }
    return time;
  }

  /**
   * Gives the characters from `start` up to `end` a new time, but one that is at most `longest` after they came: who
   * is left over twice doesn't wait three times.
   */
  renew(start: number, end: number, time: number, longest: number): void {
    const came = start < this.#renewedEnd ? this.#came : this.since(start);
    this.#came = came;
    this.#renewedEnd = end;
    this.#moments = [start, Math.min(time, came + longest)];
    this.#head = 0;
  }
}
