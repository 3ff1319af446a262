/** The keys of one stream. All of them, as those of every script, are in one slot of a cluster. */
export interface RelayKeys {
  /** A hash: epoch, number of the last entry, how it has ended. */
  readonly state: string;
  /** The stream of entries. */
  readonly entries: string;
  /** A stream that tells the producer of a cancel or a successor. */
  readonly control: string;
  /** There while the producer lives. */
  readonly lease: string;
}

/**
 * How many hash tags the ids are spread over: with a cluster, as many slots. Fixed, because every machine must agree. It
 * bounds the connections that a process blocks on, and the machines that a cluster can spread streams over.
 */
export const partitions = 64;

/** Which of the partitions an id belongs to: FNV-1a over its UTF-16 units. */
export function partitionOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  }
  // The lowest bits of FNV are its weakest.
  return ((hash >>> 16) ^ hash) & (partitions - 1);
}

/** The keys of a stream. */
export function relayKeys(prefix: string, id: string): RelayKeys {
  const begin = `${prefix}relay:{${partitionOf(id)}}:${id}:`;
  return {
    state: `${begin}state`,
    entries: `${begin}entries`,
    control: `${begin}control`,
    lease: `${begin}lease`,
  };
}

/** The key that wakes whoever blocks on keys of a partition. */
export function wakeKey(prefix: string, partition: number, name: string): string {
  return `${prefix}wake:{${partition}}:${name}`;
}
