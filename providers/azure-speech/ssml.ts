/** How a text is to be said; everything but the voice is optional. */
export interface SsmlOptions {
  readonly voice: string;
  readonly language: string;
  readonly rate?: number | undefined;
  readonly pitch?: string | undefined;
  readonly volume?: string | undefined;
  readonly style?: string | undefined;
  readonly styleDegree?: number | undefined;
  readonly role?: string | undefined;
  readonly speakerProfileId?: string | undefined;
}

/**
 * An SSML document that says a text. The text and every option are escaped: nothing in them can become markup.
 *
 * ```ts
 * ssml('Fish & chips', { voice: 'en-GB-SoniaNeural', language: 'en-GB', style: 'cheerful' });
 * ```
 */
export function ssml(text: string, options: SsmlOptions): string {
  const { voice, language, rate, pitch, volume, style, styleDegree, role, speakerProfileId } = options;
  const inside = [
    element('mstts:ttsembedding', { speakerProfileId }),
    element('mstts:express-as', { style, styledegree: styleDegree?.toString(), role }),
    element('prosody', { rate: rate?.toString(), pitch, volume }),
  ].reduceRight((content, wrap) => wrap(content), escape(text));
  const speak = element('speak', {
    version: '1.0',
    xmlns: 'http://www.w3.org/2001/10/synthesis',
    'xmlns:mstts': 'http://www.w3.org/2001/mstts',
    'xml:lang': language,
  });
  return speak(element('voice', { name: voice })(inside));
}

/** What XML cannot hold, not even escaped (a control character, half a surrogate pair), becomes a space. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, ' ');
}

/** Wraps content in an element, or leaves it alone where no attribute has a value. */
function element(name: string, attributes: Readonly<Record<string, string | undefined>>) {
  const given = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escape(value)}"`],
  );
  return (content: string) =>
    given.length === 0 ? content : `<${name}${given.join('')}>${content}</${name}>`;
}

function escape(text: string): string {
  const marks: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
  };
  return printable(text).replace(/[&<>"']/g, (mark) => marks[mark] ?? mark);
}
