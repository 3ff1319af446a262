interface WithProcess {
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
}

/** An environment variable, or `undefined` where it is missing, empty, or there is no environment (browsers). */
export function environment(name: string): string | undefined {
  const value = (globalThis as WithProcess).process?.env?.[name];
  return value === undefined || value === '' ? undefined : value;
}

/** An option, or the environment's where it is missing. An empty one is missing, too: a key that was never filled in. */
export function optionOr(name: string, option: string | undefined): string | undefined {
  return option === '' ? environment(name) : (option ?? environment(name));
}
