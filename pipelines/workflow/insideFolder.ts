import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { makeFolder } from '../../operators/node/makeFolder.js';
import { pathProblem } from './relativePath.js';

/**
 * The absolute path of a file that may be written below a folder: parents are made one by one, and none of them, nor
 * the file itself, may be a symbolic link that leads out.
 */
export async function placeInside(folder: string | undefined, path: string): Promise<string> {
  if (folder === undefined) throw new Error('outputDir is needed to write files');
  const wrong = pathProblem(path);
  if (wrong !== undefined) throw new Error(`${JSON.stringify(path)}: ${wrong}`);
  makeFolder(folder);
  const root = await realpath(folder);
  let parent = root;
  for (const segment of dirname(path).split('/')) {
    if (segment === '.' || segment === '') continue;
    const next = join(parent, segment);
    await mkdir(next).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw told(error, path);
    });
    parent = inside(
      root,
      await realpath(next).catch((error: unknown) => Promise.reject(told(error, path))),
      path,
    );
  }
  const target = join(parent, basename(path));
  const known = await lstat(target).catch(() => undefined);
  if (known?.isSymbolicLink()) throw new Error(`${JSON.stringify(path)} is a symbolic link`);
  return target;
}

/** Writes a file below a folder, whole or not at all; returns its absolute path. */
export async function writeInside(folder: string | undefined, path: string, text: string): Promise<string> {
  const target = await placeInside(folder, path);
  const part = join(dirname(target), `.${randomBytes(8).toString('hex')}.part`);
  try {
    await writeFile(part, text, { flag: 'wx' });
    await rename(part, target);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw told(error, path);
  }
  return target;
}

/** Reads a file below a folder: no link out of it, nothing but a plain file, and no more than `limit` bytes. */
export async function readInside(
  folder: string,
  path: string,
  limit: number,
): Promise<{ readonly path: string; readonly text: string }> {
  const wrong = pathProblem(path);
  if (wrong !== undefined) throw new Error(wrong);
  const root = await realpath(folder);
  let real: string;
  try {
    real = await realpath(resolve(root, path));
  } catch (error) {
    throw told(error, path);
  }
  return { path: inside(root, real, path), text: await readBounded(real, path, limit) };
}

/** Reads a plain file of at most `limit` bytes. */
export async function readBounded(file: string, shown: string, limit: number): Promise<string> {
  // Not blocking, or opening a pipe would wait for whoever writes to it.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) =>
    Promise.reject(told(error, shown)),
  );
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new Error(`${JSON.stringify(shown)} is not a file`);
    if (found.size > limit) throw new Error(`${JSON.stringify(shown)} is larger than ${limit} bytes`);
    // It may be growing: never more than was allowed.
    const buffer = Buffer.alloc(found.size);
    const { bytesRead } = await handle.read(buffer, 0, found.size, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

function inside(root: string, real: string, path: string): string {
  const way = relative(root, real);
  if (way === '..' || way.startsWith(`..${sep}`) || resolve(root, way) !== real)
    throw new Error(`${JSON.stringify(path)} leads out of its folder`);
  return real;
}

/** Without the machine's own paths, which are none of a workflow's business. */
function told(error: unknown, path: string): Error {
  const code = (error as NodeJS.ErrnoException).code;
  const why =
    code === 'ENOENT'
      ? 'does not exist'
      : code === 'ENOTDIR' || code === 'EISDIR'
        ? 'is in the way of a folder or a file'
        : code === 'EACCES' || code === 'EPERM'
          ? 'is not allowed'
          : `cannot be used (${code ?? 'unknown error'})`;
  return new Error(`${JSON.stringify(path)} ${why}`, { cause: error });
}
