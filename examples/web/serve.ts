// A page to talk to: npm run demo          (npm run demo -- --help tells the rest)
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { bundlePage } from './bundlePage.js';
import { findChoices } from './choices.js';
import { createDemo } from './createDemo.js';

const usage = `A page to talk to: type a prompt and hear the reply as it streams.

  npm run demo
  npm run demo -- --port 8080

Options
  --port PORT  where it listens (default: 4173; 0 takes any that is free)
  --host HOST  the address it binds (default: 127.0.0.1, this machine only)
  --help       show this

Models: bundled texts; an Ollama that runs here; and whatever OLLAMA_URL, ANTHROPIC_API_KEY, OPENAI_API_KEY or
GOOGLE_AI_STUDIO_KEY configure. Voices: the embedded one, and Azure, OpenAI or XTTS where they are configured.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4173' },
      host: { type: 'string', default: '127.0.0.1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535)
    throw new Error(`--port must be a port, got ${values.port}`);

  const [choices, page] = await Promise.all([findChoices(), bundlePage()]);
  const server = createDemo({ choices, page, host: values.host });
  server.listen(port, values.host);
  await once(server, 'listening');
  const { address, family, port: taken } = server.address() as AddressInfo;
  console.log(`http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`);
  console.log(`Models: ${Array.from(choices.models.values(), ({ label }) => label).join(', ')}`);
  console.log('Ctrl-C ends it.');

  await once(process, 'SIGINT');
  server.close();
  server.closeAllConnections();
}

main().catch((error: unknown) => {
  console.error(`demo: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
