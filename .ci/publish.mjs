// Publishes for show, to a registry on loopback that has nothing yet: no warning, the right files, ready for provenance.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
assert.deepEqual(manifest.publishConfig, { access: 'public', provenance: true });

const asked = [];
const registry = createServer((request, response) => {
  asked.push(request.method);
  response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"not found"}');
});
await new Promise((listening) => registry.listen(0, '127.0.0.1', listening));
const { port } = registry.address();

const npm = spawn(
  'npm',
  [
    ...['publish', '--dry-run', '--json', '--ignore-scripts', `--registry=http://127.0.0.1:${port}`],
    `--//127.0.0.1:${port}/:_authToken=none`,
  ],
  { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
);
let [out, said] = ['', ''];
npm.stdout.on('data', (text) => (out += text));
npm.stderr.on('data', (text) => (said += text));
const code = await new Promise((closed) => npm.on('close', closed));
registry.close();
registry.closeAllConnections();
assert.equal(code, 0, said);
assert.doesNotMatch(said, /npm (warn|error)/i);
assert.ok(!asked.includes('PUT'), 'it was published after all');

// Newer versions of npm give the package under its name.
const told = JSON.parse(out);
const { files, size, version } = told.files ? told : told[manifest.name];
const paths = files.map(({ path }) => path);
for (const needed of ['LICENSE', 'README.md', 'package.json'])
  assert.ok(paths.includes(needed), `${needed} is missing`);
const targets = Object.values(manifest.exports).flatMap((target) =>
  typeof target === 'string' ? [target] : Object.values(target),
);
for (const target of targets) assert.ok(paths.includes(target.replace('./', '')), `${target} is missing`);
const strange = paths.filter(
  (path) =>
    !/^(LICENSE|README\.md|CHANGELOG\.md|package\.json|workflow\.schema\.json)$/.test(path) &&
    !/^dist\/(src|operators|providers|pipelines)\/[\w/-]+\.(js|d\.ts|js\.map)$/.test(path),
);
assert.deepEqual(strange, []);
console.log(
  `${manifest.name} ${version} would be published: ${paths.length} files, ${(size / 1000).toFixed(0)} kB`,
);
