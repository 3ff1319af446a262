import type { Ask, Choices } from '../wire.js';

/** Says something to the server; what it refuses is an error with its reason. */
async function post(path: string, body: unknown, keepalive = false): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      keepalive,
    });
  } catch {
    throw new Error('The server does not answer. Is it still running?');
  }
  const answer = (await response.json()) as { error?: string };
  if (!response.ok) throw new Error(answer.error ?? `The server says ${response.status}.`);
  return answer;
}

export async function askServer(ask: Ask): Promise<string> {
  return ((await post('/turns', ask)) as { id: string }).id;
}

export async function stopTurn(id: string, heard: number): Promise<void> {
  // Also from a page that is being left.
  await post(`/turns/${id}/stop`, { heard }, true);
}

export async function tellPlayed(id: string, position: number): Promise<void> {
  await post(`/turns/${id}/played`, { position });
}

export async function getChoices(): Promise<Choices> {
  return (await (await fetch('/choices')).json()) as Choices;
}
