/** When the characters that wait have come, in as little memory as there were different moments. */
export class Arrivals {
  /**
   * A start, its time, the next start, its time. Allocated once, not with each token: what a thousand streams keep
   * between two tokens is copied at each collection of the young.
   */
  #moments = new Float64Array(64);
  /** Where the first that counts stands, and where the next one goes. */
  #head = 0;
  #tail = 0;
  /** Up to where characters have been given a new time, and when they really came. */
  #renewedEnd = 0;
  #came = 0;

  /** Characters from `start` on have come at `time`. */
  add(start: number, time: number): void {
    if (this.#tail === this.#moments.length) this.#makeRoom();
    this.#moments[this.#tail++] = start;
    this.#moments[this.#tail++] = time;
  }

  /** When the character at `start` came; everything before it is forgotten. */
  since(start: number): number {
    const moments = this.#moments;
    while (this.#head + 2 < this.#tail && (moments[this.#head + 2] ?? Infinity) <= start) this.#head += 2;
    return this.#head < this.#tail ? (moments[this.#head + 1] ?? Infinity) : Infinity;
  }

  /**
   * Gives the characters from `start` up to `end` a new time, but one that is at most `longest` after they came: who
   * is left over twice doesn't wait three times.
   */
  renew(start: number, end: number, time: number, longest: number): void {
    const came = start < this.#renewedEnd ? this.#came : this.since(start);
    this.#came = came;
    this.#renewedEnd = end;
    this.#head = this.#tail = 0;
    this.add(start, Math.min(time, came + longest));
  }

  /** In front, where as much is forgotten as is kept, else by doubling. */
  #makeRoom() {
    const kept = this.#moments.subarray(this.#head, this.#tail);
    if (2 * kept.length > this.#moments.length) this.#moments = new Float64Array(2 * this.#moments.length);
    this.#moments.set(kept);
    this.#tail -= this.#head;
    this.#head = 0;
  }
}
