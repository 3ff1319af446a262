import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');
setFlagsFromString('--no-expose-gc');

/** Bytes that are really in use. */
export const liveHeap = () => {
  gc();
  gc();
  return process.memoryUsage().heapUsed;
};
