import { AloudError } from '../../src/errors.js';

/** A file or folder could not be written. Not retryable. */
export class FileError extends AloudError {
  override readonly name = 'FileError';
  /** The file’s. */
  readonly path: string;

  constructor(message: string, options: { readonly path: string; readonly cause?: unknown }) {
    super(message, { ...options, retryable: false });
    this.path = options.path;
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'read-only file system',
  ENOSPC: 'no space left',
  EDQUOT: 'quota used up',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'a file is in the way',
  ENOENT: 'nothing can be made there',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many open files',
};

/** Runs `work` on a file; what it throws becomes a `FileError` that names the path in one line. */
export function orFileError<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
    const reason = (code === undefined ? undefined : reasons[code]) ?? code ?? String(cause);
    throw new FileError(`cannot write ${path}: ${reason}`, { path, cause });
  }
}
