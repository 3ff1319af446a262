import { readFileSync } from 'node:fs';
import type { ChatModel, Message, Prompt } from 'rx-aloud';
import { scriptedModel } from 'rx-aloud/providers/scripted';

const text = (name: string) => readFileSync(new URL(`../texts/${name}.txt`, import.meta.url), 'utf8').trim();

/** Prompts that have a text of their own. */
const replies: Readonly<Record<string, string>> = {
  'Why is the sky blue?': text('sky'),
  'Tell me a story about a lighthouse.': text('lighthouse'),
  'How do I make good tea?': text('tea'),
};

/** This one is answered from the history, which shows what there is in it. */
const whatWasHeard = 'What did you say last?';

export const prompts: readonly string[] = [...Object.keys(replies), whatWasHeard];

/** A bundled text for each prompt at a model's pace: no key, no network, no model. */
export function scriptedReplies(pace: {
  readonly tokensPerSecond: number;
  readonly firstTokenAfter: number;
}) {
  const answering = (prompt: Prompt) => scriptedModel({ text: replyTo(prompt), ...pace });
  const model: ChatModel = Object.assign(
    (...[prompt, options]: Parameters<ChatModel>) => answering(prompt)(prompt, options),
    {
      events: (...[prompt, options]: Parameters<ChatModel['events']>) =>
        answering(prompt).events(prompt, options),
      complete: (...[prompt, options]: Parameters<ChatModel['complete']>) =>
        answering(prompt).complete(prompt, options),
      provider: 'scripted',
      model: 'bundled text',
    },
  );
  return model;
}

function replyTo(prompt: Prompt): string {
  const messages: readonly Message[] =
    typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : prompt;
  const question = messages.at(-1)?.content ?? '';
  const known = replies[question];
  if (known !== undefined) return known;
  const last = messages.findLast(({ role }) => role === 'assistant');
  if (question === whatWasHeard) {
    if (last === undefined) return 'Nothing yet. You have not heard a word from me.';
    const cut = last.metadata?.['interrupted'] === true;
    return `The last thing you heard from me was: "${last.content.trim()}"${cut ? ' There you cut me off.' : ''}`;
  }
  return [
    `You asked: "${question.slice(0, 200)}" I would have to be a model to know.`,
    'I am a bundled text, so that this page works without a key.',
    'Start an Ollama on this machine, or set a key such as ANTHROPIC_API_KEY, and choose it above.',
    'Everything else is real: the sentences, the voice, and the way you can talk over me.',
  ].join(' ');
}
