import { secretsOfHeaders, secretsOfUrl } from './secrets.js';

/** Keys, tokens and passwords that an SDK's client holds in the open. */
export function secretsOfClient(client: object | undefined): string[] {
  if (client === undefined) return [];
  const { apiKey, authToken, baseURL, _options: options } = client as Readonly<Record<string, unknown>>;
  const { defaultHeaders } = (options ?? {}) as { readonly defaultHeaders?: unknown };
  return [
    ...[apiKey, authToken].filter((secret) => typeof secret === 'string'),
    ...secretsOfUrl(typeof baseURL === 'string' ? baseURL : undefined),
    ...secretsOfHeaders(defaultHeaders),
  ];
}
