// Every export loads once its SDK is there, and the embedded voice speaks from the installed package.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { lastValueFrom, of, toArray } from 'rxjs';
import { toSpeech } from 'rx-aloud/operators';
import { flite } from 'rx-aloud/providers/flite';

const { exports } = JSON.parse(
  readFileSync(new URL('./node_modules/rx-aloud/package.json', import.meta.url), 'utf8'),
);
for (const name of Object.keys(exports)) {
  const entry = name.replace(/^\./, 'rx-aloud');
  if (entry.endsWith('.json')) continue;
  const names = Object.keys(await import(entry));
  assert.ok(names.length > 0, `${entry} exports nothing`);
  console.log(`${entry}: ${names.length} names`);
}

const events = await lastValueFrom(of('The package speaks. ').pipe(toSpeech(flite()), toArray()));
const bytes = events
  .filter((event) => event.type === 'audio')
  .reduce((sum, { data }) => sum + data.length, 0);
assert.ok(bytes > 16_000, `only ${bytes} bytes of audio`);
console.log(`the embedded voice spoke ${(bytes / 32_000).toFixed(1)} s`);
