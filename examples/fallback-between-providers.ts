// Fallback: the first provider breaks in the middle of a sentence, the next one goes on from there.
// Nothing is lost, nothing said twice.
import { lastValueFrom, reduce, tap } from 'rxjs';
import { RateLimitError } from 'rx-aloud';
import { fallbackChain } from 'rx-aloud/operators';
import { scriptedModel, type ScriptedModelConfig } from 'rx-aloud/providers/scripted';

const text = 'Air scatters blue light more than red. So the sky is blue by day, and red in the evening.';
// Three providers. Real ones: [anthropic({ … }), openai({ … }), ollama({ … })].
const provider = (model: string, script: ScriptedModelConfig) =>
  scriptedModel({
    model,
    tokensPerSecond: 40,
    ...script,
    onRequest: ({ method, options }) =>
      console.log(
        `\n→ ${model}, ${method}`,
        options.continueFrom ? `after "…${options.continueFrom.slice(-12)}"` : '',
      ),
    onEnd: (_, how) => console.log(`\n← ${model}: ${how}`),
  });
const models = [
  provider('busy', { text, failAfter: 0, error: new RateLimitError('too many requests') }),
  provider('broken', { text, failAfter: 9 }),
  provider('sound', { text }),
];

const reply = await lastValueFrom(
  // hedgeAfter: 1500 would ask the next one as well as soon as a first token is late.
  fallbackChain(models, 'Why is the sky blue?').pipe(
    tap((token) => process.stdout.write(token)),
    reduce((all, token) => all + token, ''),
  ),
);
console.log(`\nThe whole reply, as if nothing had happened: ${reply === text}`);
