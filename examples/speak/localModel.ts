/** The first model of an Ollama on this machine, if one answers at once. */
export async function localModel(): Promise<string | undefined> {
  try {
    const answer = await fetch('http://localhost:11434/api/tags', { signal: AbortSignal.timeout(300) });
    const { models } = (await answer.json()) as { models: { name: string }[] };
    return models[0]?.name;
  } catch {
    return undefined;
  }
}
