// A reply, spoken: npm start -- "Why is the sky blue?"          (npm start -- --help tells the rest)
import { join } from 'node:path';
import { connect, fromEvent, ignoreElements, lastValueFrom, merge, share, take, takeUntil, tap } from 'rxjs';
import { withValve } from 'rx-aloud';
import { bufferSentences, measure, speakableText, toSpeech, type Measures } from 'rx-aloud/operators';
import { playAloud, saveUtterances, saveWav } from 'rx-aloud/operators/node';
import { readArguments, usage, UsageError, type Arguments } from './speak/arguments.js';
import { plainDisplay, terminalDisplay } from './speak/display.js';
import { makeRoom, removeIfEmpty } from './speak/files.js';
import { markPlayback, markSynthesis } from './speak/marks.js';
import { findTokens } from './speak/tokens.js';
import { findVoice } from './speak/voice.js';

async function speak(args: Arguments): Promise<void> {
  const reply = join(args.out, 'reply.wav');
  const voice = findVoice(args.voice);
  const [tokens] = await Promise.all([findTokens(args), makeRoom(args.out)]);
  console.log(`Text: ${tokens.about}\nVoice: ${voice.provider}\n`);

  const display = process.stdout.isTTY ? terminalDisplay(process.stdout) : plainDisplay(process.stdout);
  const measures: Partial<Measures> = {};
  const files: string[] = [];

  // Two valves for each subscription. `waiting` counts chunks: while sixteen wait for the voice, no more text is read.
  // `playback` counts milliseconds: while ten seconds wait for the player, no more is synthesized.
  const spoken = withValve({ high: 16, low: 8 }, (waiting) =>
    withValve({ high: 10_000, low: 5_000 }, (playback) =>
      tokens.from({ valve: waiting }).pipe(
        measure((seen) => Object.assign(measures, seen)),
        tap((token) => display.token(token)),
        bufferSentences({ valve: waiting }),
        toSpeech(voice, {
          valve: waiting,
          prepare: speakableText,

          ...(args.play && { maxAhead: 10_000, playback }),
        }),
        measure((seen) => Object.assign(measures, seen)),
        connect((speech) => {
          const heard = speech.pipe(playAloud({ playback }), share());
          return merge(
            speech.pipe(args.play ? markPlayback(display, heard) : markSynthesis(display)),
            speech.pipe(
              saveUtterances({ dir: args.out }),
              tap(({ path }) => files.push(path)),
            ),
            speech.pipe(saveWav(reply)),
          );
        }),
      ),
    ),
  );

  const interrupted = fromEvent(process, 'SIGINT').pipe(
    take(1),
    tap(() => {
      process.exitCode = 130;
    }),
  );
  // Nobody reads on: head has seen enough. The second listener is for what is written after that.
  const closed = fromEvent(process.stdout, 'error').pipe(take(1));
  process.stdout.on('error', () => undefined);
  try {
    await lastValueFrom(spoken.pipe(ignoreElements(), takeUntil(merge(interrupted, closed))), {
      defaultValue: undefined,
    });
  } finally {
    display.end();
    await removeIfEmpty(reply);
  }
  console.log(summary(measures, files, reply));
}

function summary(measures: Partial<Measures>, files: readonly string[], reply: string): string {
  const { timeToFirstToken, timeToFirstAudio, audioSeconds, realTimeFactor } = measures;
  const show = (value: number | undefined, digits: number, unit: string) =>
    value === undefined ? '–' : `${value.toFixed(digits)}${unit}`;
  return [
    process.exitCode === 130 ? '\nInterrupted.' : files.length === 0 ? '\nNothing in it can be spoken.' : '',
    `Time to first token  ${show(timeToFirstToken, 0, ' ms')}`,
    `Time to first audio  ${show(timeToFirstAudio, 0, ' ms')}`,
    `Audio                ${show(audioSeconds, 1, ' s')}`,
    `Real-time factor     ${show(realTimeFactor, 2, '')}`,
    `Files                ${files.length === 0 ? 'none' : `${reply} and ${files.length} ${files.length === 1 ? 'utterance' : 'utterances'} beside it`}`,
  ].join('\n');
}

let debug = process.argv.includes('--debug');
try {
  const args = readArguments(process.argv.slice(2));
  debug = args.debug;
  if (args.help) console.log(usage);
  else await speak(args);
} catch (error) {
  process.exitCode = error instanceof UsageError ? 2 : 1;
  const [line = ''] = String(error instanceof Error ? error.message : error).split('\n');
  console.error(
    debug ? error : `speak: ${line}${error instanceof UsageError ? ' (--help tells what there is)' : ''}`,
  );
}
