import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';

const program = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'speech-dispatcher'))
  .find((file) => existsSync(file));
const module = '/usr/lib/speech-dispatcher-modules/sd_espeak-ng';

/** Why there is no speech dispatcher with a voice; undefined where there is one. */
export const speechDispatcherMissing =
  program === undefined || !existsSync(module)
    ? 'no speech dispatcher with espeak-ng on this machine (apt-get install speech-dispatcher speech-dispatcher-espeak-ng)'
    : undefined;

/** A speech dispatcher of one's own. */
export interface SpeechDispatcher {
  /** For `SPEECHD_ADDRESS`. */
  readonly address: string;
  close(): Promise<void>;
}

/** Starts one that speaks by espeak-ng into a sound card that isn't there. */
export async function openSpeechDispatcher(): Promise<SpeechDispatcher> {
  if (program === undefined) throw new Error(speechDispatcherMissing);
  const folder = mkdtempSync(join(tmpdir(), 'rx-aloud-speech-'));
  const at = (name: string) => join(folder, name);
  mkdirSync(at('modules'));
  writeFileSync(at('asound.conf'), 'pcm.!default { type null }\nctl.!default { type null }\n');
  writeFileSync(at('modules/espeak-ng.conf'), '');
  writeFileSync(
    at('speechd.conf'),
    [
      'AudioOutputMethod "alsa"',
      'AudioALSADevice "default"',
      `AddModule "espeak-ng" "${module}" "espeak-ng.conf"`,
      'DefaultModule espeak-ng',
      'DefaultLanguage "en-US"',
    ].join('\n'),
  );
  const options = ['-s', '-t', '0', '-C', folder, '-L', folder, '-P', at('pid'), '-c', 'unix_socket'];
  const child = spawn(program, [...options, '-S', at('socket')], {
    env: { ...process.env, ALSA_CONFIG_PATH: at('asound.conf') },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  for (let left = 200; !existsSync(at('socket')) && child.exitCode === null && left > 0; left--)
    await after(50);
  return {
    address: `unix_socket:${at('socket')}`,
    async close() {
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
