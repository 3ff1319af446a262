const inline =
  'a abbr b bdi bdo big cite code data del dfn em font i img input ins kbd label mark q s samp small span strike ' +
  'strong sub sup svg time tt u var wbr';
const block =
  'address article aside blockquote body br button center dd details div dl dt fieldset figcaption figure footer form ' +
  'h1 h2 h3 h4 h5 h6 head header hr html iframe li main nav ol option p picture pre section select source summary ' +
  'table tbody td tfoot th thead title tr ul video audio';

const tags: ReadonlyMap<string, 'inline' | 'block'> = new Map([
  ...inline.split(' ').map((name) => [name, 'inline'] as const),
  ...block.split(' ').map((name) => [name, 'block'] as const),
]);

/** Whether this is a tag of HTML (`List<String>` has none), and whether text before and after it is on lines apart. */
export function htmlTag(name: string): 'inline' | 'block' | undefined {
  return tags.get(name.toLowerCase());
}

/** Whether more letters can make this a tag of HTML. */
export function beginsHtmlTag(start: string): boolean {
  const lower = start.toLowerCase();
  for (const name of tags.keys()) if (name.startsWith(lower)) return true;
  return false;
}

/** The characters that have a name in HTML and are met in replies. */
export const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&#39;': "'",
  '&nbsp;': ' ',
  '&ndash;': '–',
  '&mdash;': '—',
  '&hellip;': '…',
};
