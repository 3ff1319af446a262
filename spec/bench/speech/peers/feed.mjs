/** The tokens of a script, live, each when it is due; never early, late ones at once. */
export async function* feed({ tokens, tokensPerSecond }, began = performance.now()) {
  for (const [index, token] of tokens.entries()) {
    const wait = began + (index * 1000) / tokensPerSecond - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    yield token;
  }
}

/** Words, as the scripted voice counts them. */
export const wordsOf = (text) =>
  (text.match(/\S+/gu) ?? []).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
