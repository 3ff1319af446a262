import { longestTimer } from '../../src/longestTimer.js';

/** An answer, or an error where it takes longer. */
export function inTime<T>(answer: Promise<T>, ms: number, late: () => Error): Promise<T> {
  if (ms > longestTimer) return answer;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), Math.max(0, ms));
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
