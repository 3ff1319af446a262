// Runs modules one after the other in one process, each as `node module.js` would: a module has ended when nothing
// keeps the process alive any more. `node runBlocks.mjs LIST RESULTS`: LIST is JSON of { id, file, folder, without }, RESULTS
// gets a line of JSON for each that has ended: { id, ms, stdout, stderr, failure? }.
import { appendFileSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { disableDebug } from 'rx-aloud';

const [list, results] = process.argv.slice(2);
const { LOOPBACK_HTTP: http, LOOPBACK_AZURE: azure } = process.env;
const longest = 10_000;

// SDKs that take no address from the environment are led to loopback here; nothing may reach further.
const require = createRequire(import.meta.url);
const local = /^(localhost|127\.0\.0\.1|::1)$/;
const dns = require('node:dns');
const { lookup } = dns;
dns.lookup = (host, ...rest) => {
  if (local.test(host)) return lookup(host, ...rest);
  rest.at(-1)(new Error(`a block asked for ${host}: only loopback may be reached`));
};
const net = require('node:net');
const tls = require('node:tls');
const { connect } = tls;
tls.connect = (options, ...rest) => {
  if (!/\.tts\.speech\.microsoft\.com$/.test(options.host ?? '')) return connect(options, ...rest);
  const { hostname, port } = new URL(azure);
  return net.connect({ host: hostname, port: Number(port) });
};
const realFetch = globalThis.fetch;
globalThis.fetch = (input, init) =>
  typeof input === 'string' || input instanceof URL
    ? realFetch(String(input).replace(/^https:\/\/generativelanguage\.googleapis\.com/, http), init)
    : realFetch(input, init);

const environment = { ...process.env };
const queue = JSON.parse(readFileSync(list, 'utf8'));
let current;

for (const stream of ['stdout', 'stderr']) {
  process[stream].write = (chunk, encoding, done) => {
    if (current) current[stream] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    (typeof encoding === 'function' ? encoding : done)?.();
    return true;
  };
}
const fail = (error) => {
  if (current) current.failure ??= format('%s', error);
};
process.on('uncaughtException', fail);

function finish() {
  if (!current) return;
  clearTimeout(current.limit);
  const { id, stdout, stderr, failure, since } = current;
  const ms = Math.round(performance.now() - since);
  appendFileSync(results, `${JSON.stringify({ id, ms, stdout, stderr, failure })}\n`);
  current = undefined;
  disableDebug();
}

function start() {
  const next = queue.shift();
  if (!next) return;
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
  for (const name of next.without) delete process.env[name];
  process.chdir(next.folder);
  process.exitCode = undefined;
  const run = {
    id: next.id,
    stdout: '',
    stderr: '',
    failure: undefined,
    settled: false,
    since: performance.now(),
  };
  current = run;
  run.limit = setTimeout(() => {
    fail(`has not ended within ${longest} ms; it waits for ${process.getActiveResourcesInfo().join(', ')}`);
    finish();
    process.exit(1);
  }, longest).unref();
  import(pathToFileURL(next.file)).then(
    () => (run.settled = true),
    (error) => {
      run.settled = true;
      fail(error);
    },
  );
}

// What keeps no process alive has ended, and the next begins.
process.on('beforeExit', () => {
  if (current && !current.settled) fail('waits at its top level for what never comes');
  if (current && process.exitCode) fail(`exit code ${process.exitCode}`);
  finish();
  start();
});
process.on('exit', (code) => {
  if (current) fail(`called process.exit(${code})`);
  finish();
});
