import { describe, expect, it } from 'vitest';
import { isReadable } from '../../../providers/azure-speech/isReadable.js';

const word = { Type: 'WordBoundary', Data: { Offset: 0, Duration: 1, text: { Text: 'Hi' } } };

describe('isReadable', () => {
  it.each([
    ['turn.start', '{"context":{}}'],
    ['response', '{"audio":{"type":"inline","streamId":"S"}}'],
    ['Audio.Metadata', JSON.stringify({ Metadata: [word, { Type: 'SessionEnd', Data: { Offset: 1 } }] })],
    ['audio.metadata', '{"Metadata":[]}'],
    ['turn.end', 'nothing of interest'],
    ['anything', ''],
  ])('%s %s is', (path, body) => {
    expect(isReadable(path, body)).toBe(true);
  });

  it.each([
    ['turn.start', ''],
    ['turn.start', 'null'],
    ['response', '{}'],
    ['response', 'null'],
    ['audio.metadata', '{"Metadata":['],
    ['audio.metadata', '{}'],
    ['audio.metadata', '{"Metadata":[null]}'],
    ['audio.metadata', '{"Metadata":[{"Type":"WordBoundary"}]}'],
    [
      'audio.metadata',
      '{"Metadata":[{"Type":"WordBoundary","Data":{"Offset":"0","Duration":1,"text":{"Text":"a"}}}]}',
    ],
  ])('%s %s is not', (path, body) => {
    expect(isReadable(path, body)).toBe(false);
  });
});
