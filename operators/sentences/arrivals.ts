/** When the characters that wait have come, in as little memory as there were different moments. */
export class Arrivals {
  #starts: number[] = [];
  #times: number[] = [];
  #head = 0;
  /** Up to where characters have been given a new time, and when they really came. */
  #renewedEnd = 0;
  #came = 0;

  /** Characters from `start` on have come at `time`. */
  add(start: number, time: number): void {
    this.#starts.push(start);
    this.#times.push(time);
  }

  /** When the character at `start` came; everything before it is forgotten. */
  since(start: number): number {
    const starts = this.#starts;
    while (this.#head + 1 < starts.length && (starts[this.#head + 1] ?? Infinity) <= start) this.#head++;
    if (this.#head > 64) {
      this.#starts = starts.slice(this.#head);
      this.#times = this.#times.slice(this.#head);
      this.#head = 0;
    }
    return this.#times[this.#head] ?? Infinity;
  }

  /**
   * Gives the characters from `start` up to `end` a new time, but one that is at most `longest` after they came: who
   * is left over twice doesn't wait three times.
   */
  renew(start: number, end: number, time: number, longest: number): void {
    const came = start < this.#renewedEnd ? this.#came : this.since(start);
    this.#came = came;
    this.#renewedEnd = end;
    this.#starts = [start];
    this.#times = [Math.min(time, came + longest)];
    this.#head = 0;
  }
}
