// Every streaming feature, one after the other, with scripted models.
// npm run example -- every-streaming-feature --live asks what the environment configures.
import {
  concat,
  concatMap,
  defer,
  from,
  lastValueFrom,
  map,
  take,
  tap,
  throwError,
  type Observable,
} from 'rxjs';
import {
  AuthenticationError,
  ConnectionError,
  TruncatedReplyError,
  WorkflowError,
  type ChatModel,
} from 'rx-aloud';
import { bufferSentences, fallbackToComplete, measure } from 'rx-aloud/operators';
import {
  ChatService,
  ConversationService,
  createStreamingPipeline,
  GenerationService,
  modelFromEnvironment,
  runWorkflow,
  voiceFromEnvironment,
} from 'rx-aloud/pipelines';
import { flite } from 'rx-aloud/providers/flite';
import { scriptedModel } from 'rx-aloud/providers/scripted';

const live = process.argv.includes('--live');
const prompt = 'Why is the sky blue? Answer in two short sentences.';
const text = 'Air scatters blue light more than red. So blue comes to us from all of the sky.';

/** A provider's model, or what stands in for it. */
const modelOf = (provider: string): ChatModel =>
  live ? modelFromEnvironment(provider) : scriptedModel({ text, tokensPerSecond: 80, firstTokenAfter: 100 });
const model = modelOf('auto');
const voice = live ? voiceFromEnvironment('auto') : flite();
let notConfigured = 0;

/** Shows one feature to its end, tokens as they come. What isn't configured is told, and passed over. */
async function show(title: string, feature: () => Observable<unknown>): Promise<void> {
  console.log(`\n== ${title}`);
  const tokens = defer(feature).pipe(
    tap((value) => {
      if (typeof value === 'string') process.stdout.write(value);
    }),
    measure(({ timeToFirstToken, ended }) => {
      if (ended === 'complete' && timeToFirstToken !== undefined)
        console.log(`\n   first token after ${timeToFirstToken.toFixed(0)} ms`);
    }),
  );
  try {
    await lastValueFrom(tokens, { defaultValue: undefined });
  } catch (error) {
    const reason = innermost(error);
    const missing = reason instanceof AuthenticationError || reason instanceof ConnectionError;
    if (!(live && missing)) throw error;
    notConfigured++;
    console.log(`   passed over: ${reason.message}`);
  }
}

/** What began it: of a failed workflow the step's error, of a reply that failed twice the stream's. */
function innermost(error: unknown): unknown {
  if (error instanceof AggregateError) return innermost(error.errors[0]);
  const wraps = error instanceof TruncatedReplyError || error instanceof WorkflowError;
  return wraps && error.cause !== undefined ? innermost(error.cause) : error;
}

for (const provider of ['ollama', 'gemini', 'anthropic', 'openai']) {
  await show(`Generation: ${provider}`, () =>
    new GenerationService(modelOf(provider)).generateStream(prompt),
  );
}
await show('Generation with a system prompt', () =>
  new GenerationService(model).generateWithSystemPromptStream(prompt, 'You are brief.'),
);

await show('Conversation: it remembers', () => {
  const conversation = new ConversationService(model);
  return from(['I am Ann. Why is the sky blue?', ' Who am I?']).pipe(
    concatMap((message) => conversation.sendMessageStream(message)),
    tap({ complete: () => console.log(`\n   ${conversation.getTotalMessages()} messages remembered`) }),
  );
});

await show('Chat: the history is yours', () =>
  new ChatService(model).chatStream('And at sunset?', [
    { role: 'user', content: prompt },
    { role: 'assistant', content: text },
  ]),
);

await show('Fallback: streaming breaks after five tokens, the regular API says the rest', () =>
  concat(
    model(prompt).pipe(take(5)),
    throwError(() => new ConnectionError('the connection broke')),
  ).pipe(
    fallbackToComplete((partial) => model.complete(prompt, { continueFrom: partial }), {
      expects: 'continuation',
    }),
  ),
);

await show('Sentence buffer: tokens to whole sentences', () =>
  model(prompt).pipe(
    bufferSentences({ sentenceBufferSize: 1 }),
    map((sentence) => `[${sentence.trim()}] `),
  ),
);

await show('Pipeline: from a message to audio files', () =>
  createStreamingPipeline({
    llmProvider: model,
    ttsProvider: voice,
    streamingConfig: { outputDir: 'output/every-streaming-feature' },
  })
    .streamChatToAudio(prompt)
    .pipe(
      tap(({ status, audioFilesGenerated, latencies }) => {
        if (status === 'completed')
          console.log(
            `   ${audioFilesGenerated} audio files, the first sound after ${latencies.firstAudio?.toFixed(0)} ms`,
          );
      }),
    ),
);

await show('Workflow: the same, described in JSON', () =>
  runWorkflow('examples/workflows/streaming-chat-to-speech.json', {
    inputs: { user_message: prompt },
    outputDir: 'output/every-streaming-feature',
    ...(live ? {} : { models: { ollama: () => model }, voices: { auto: voice } }),
  }).pipe(
    tap((event) => {
      if (event.type === 'token') process.stdout.write(event.text);
      if (event.type === 'step-end' && event.text !== undefined)
        console.log(`\n   ${event.text.replace('\n', '\n   ')}`);
    }),
  ),
);

console.log(`\nDone${notConfigured === 0 ? '' : `, ${notConfigured} passed over`}.`);
