import { scriptedVoice } from '../../../providers/scripted/index.js';
import { describeVoice } from '../voiceConformance.js';

describeVoice('scripted', () => {
  let requests = 0;
  let running = 0;
  const config = {
    latency: 2,
    msPerWord: 300,
    realTimeFactor: 0.005,
    // It takes note of every text; the ones with nothing to say cost nothing.
    onRequest: ({ text }: { readonly text: string }) => {
      if (/[a-z]/.test(text)) requests++;
      running++;
    },
    onEnd: () => {
      running--;
    },
  };
  return {
    voice: scriptedVoice(config),
    words: true,
    speech: false,
    requests: () => requests,
    running: () => running,
    faults: [
      {
        name: 'failing',
        speak: () => scriptedVoice({ ...config, failOn: 'sky' })('The sky.'),
        error: 'SpeechError',
        retryable: true,
      },
    ],
  };
});
