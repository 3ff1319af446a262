import { Observable } from 'rxjs';

/** The bare scan that the operator is measured against: one look at each character, a cut at each `.`, `!` or `?`. */
export const scan = () => (source) =>
  new Observable((subscriber) => {
    let buffer = '';
    return source.subscribe({
      next: (token) => {
        let from = 0;
        for (let at = 0; at < token.length; at++) {
          const code = token.charCodeAt(at);
          if (code !== 46 && code !== 33 && code !== 63) continue;
          subscriber.next(buffer + token.slice(from, at + 1));
          buffer = '';
          from = at + 1;
        }
        buffer += from === 0 ? token : token.slice(from);
      },
      error: (error) => subscriber.error(error),
      complete: () => {
        if (buffer !== '') subscriber.next(buffer);
        subscriber.complete();
      },
    });
  });

/** What is usually written first: a regular expression on the growing buffer. */
export const growingBuffer = () => (source) =>
  new Observable((subscriber) => {
    let buffer = '';
    return source.subscribe({
      next: (token) => {
        buffer += token;
        for (let match; (match = /^[\s\S]*?[.!?](?=\s)/.exec(buffer));) {
          subscriber.next(match[0]);
          buffer = buffer.slice(match[0].length);
        }
      },
      error: (error) => subscriber.error(error),
      complete: () => {
        if (buffer !== '') subscriber.next(buffer);
        subscriber.complete();
      },
    });
  });
