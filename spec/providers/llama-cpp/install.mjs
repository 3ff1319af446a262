// npm run install:llama-cpp
//
// Installs node-llama-cpp here for the spec, with this machine's CPU build and nothing else: a plain install would
// bring 725 MB of CUDA and Vulkan builds along, and its install script might compile.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const here = new URL('./', import.meta.url);
const version = JSON.parse(readFileSync(new URL('package.json', here), 'utf8')).dependencies[
  'node-llama-cpp'
];
const builds = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'mac-x64',
  'darwin-arm64': 'mac-arm64-metal',
  'win32-x64': 'win-x64',
  'win32-arm64': 'win-arm64',
};
const build = builds[`${process.platform}-${process.arch}`];
if (build === undefined) {
  console.log(`llama-cpp: no build for ${process.platform}-${process.arch}; its spec will be skipped`);
  process.exit(0);
}
// not `npm ci`: its lock would have to name the builds of every platform, and not every registry has them all
execFileSync(
  'npm',
  ['install', '--no-save', '--no-audit', '--no-fund', `@node-llama-cpp/${build}@${version}`],
  {
    cwd: here,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  },
);
