interface WithProcess {
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
}

/** An environment variable, or `undefined` where it is missing, empty, or there is no environment (browsers). */
export function environment(name: string): string | undefined {
  const value = (globalThis as WithProcess).process?.env?.[name];
  return value === undefined || value === '' ? undefined : value;
}
