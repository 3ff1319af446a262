// npm run example               lists the examples
// npm run example -- NAME …     runs one
import { readdir, readFile } from 'node:fs/promises';

const folder = new URL('.', import.meta.url);
const names = (await readdir(folder))
  .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
  .map((file) => file.replace('.ts', ''));
const [name] = process.argv.splice(2, 1);

if (name === undefined) {
  console.log('npm run example -- NAME\n');
  for (const each of names) {
    const [title = ''] = (await readFile(new URL(`${each}.ts`, folder), 'utf8')).split('\n');
    console.log(`  ${each.padEnd(28)} ${title.replace('// ', '')}`);
  }
} else if (names.includes(name)) {
  await import(`./${name}.ts`);
} else {
  console.error(`there is no example ${JSON.stringify(name)}; there are ${names.join(', ')}`);
  process.exitCode = 2;
}
