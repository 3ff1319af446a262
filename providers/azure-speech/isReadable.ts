/** Whether a text message of the service holds what its path promises. Paths that nobody here reads always do. */
export function isReadable(path: string, body: string): boolean {
  try {
    switch (path.toLowerCase()) {
      case 'turn.start':
        return isObject(JSON.parse(body));
      case 'response': {
        const response = JSON.parse(body) as Reading | null;
        return typeof response?.audio?.streamId === 'string';
      }
      case 'audio.metadata': {
        const { Metadata } = JSON.parse(body) as { readonly Metadata?: unknown };
        return Array.isArray(Metadata) && Metadata.every(isMetadata);
      }
      default:
        return true;
    }
  } catch {
    return false;
  }
}

/** What is read of a message, none of it to be relied on. */
interface Reading {
  readonly audio?: { readonly streamId?: unknown };
  readonly Type?: unknown;
  readonly Data?: {
    readonly Offset?: unknown;
    readonly Duration?: unknown;
    readonly text?: { readonly Text?: unknown };
  };
}

function isMetadata(entry: Reading | null): boolean {
  if (!isObject(entry) || !isObject(entry.Data)) return false;
  if (entry.Type !== 'WordBoundary') return true;
  const { Offset, Duration, text } = entry.Data;
  return typeof Offset === 'number' && typeof Duration === 'number' && typeof text?.Text === 'string';
}

function isObject<T>(value: T): value is T & object {
  return typeof value === 'object' && value !== null;
}
