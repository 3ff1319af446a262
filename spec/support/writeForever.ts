// A process that saves speech without end, for specs that kill it: `wav PATH` or `utterances DIR`.
import { asapScheduler, concatMap, from, map, range, repeat, scheduled, type Observable } from 'rxjs';
import { saveUtterances } from '../../operators/node/saveUtterances.js';
import { saveWav } from '../../operators/node/saveWav.js';
import type { SpeechEvent } from '../../src/speechEvent.js';
import { ends, samples, says, starts } from './speech.js';

const [kind, path = ''] = process.argv.slice(2);
const data = samples(1000);
const speech: Observable<SpeechEvent> = range(0, 200).pipe(
  concatMap((index) =>
    from([starts(index), ...Array.from({ length: 50 }, () => says(index, data)), ends(index)]),
  ),
  map((event, i) => {
    if (i === 100) process.stdout.write('writing\n');
    return event;
  }),
  repeat({ delay: () => scheduled([0], asapScheduler) }),
);
if (kind === 'wav') speech.pipe(saveWav(path)).subscribe();
else speech.pipe(saveUtterances({ dir: path })).subscribe();
