/** Milliseconds that a timer can wait: a longer delay, in every runtime, would fire at once. 24.8 days. */
export const longestTimer = 2 ** 31 - 1;
