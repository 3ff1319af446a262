/** When the characters that wait have come, in as little memory as there were different moments. */
export class Arrivals {
  #starts: number[] = [];
  #times: number[] = [];
  #head = 0;

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

  /** Gives the characters from `start` on a new time. */
  renew(start: number, time: number): void {
    this.#starts = [start];
    this.#times = [time];
    this.#head = 0;
  }
}
