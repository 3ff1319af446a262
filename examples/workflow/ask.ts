import { createInterface, type Interface } from 'node:readline';
import { Observable } from 'rxjs';

/** Asks people at a terminal, or whatever is piped in: a line an answer. */
export interface Asker {
  /** The answer; none when the input has ended. */
  readonly ask: (question: string) => Observable<string>;
  /** Lets the program end although the input hasn't. */
  readonly close: () => void;
}

export function createAsker(): Asker {
  let lines: Interface | undefined;
  let ended = false;
  const typed: string[] = [];
  let waiting: (() => void) | undefined;

  const open = () => {
    lines = createInterface({ input: process.stdin, output: process.stderr });
    lines.on('line', (line) => {
      typed.push(line);
      waiting?.();
    });
    lines.once('close', () => {
      ended = true;
      waiting?.();
    });
    // readline keeps Ctrl-C to itself
    lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  };

  return {
    ask: (question) =>
      new Observable((answer) => {
        if (!lines) open();
        process.stderr.write(`${question} `);
        waiting = () => {
          const line = typed.shift();
          if (line !== undefined) answer.next(line);
          if (line !== undefined || ended) answer.complete();
        };
        waiting();
        return () => {
          waiting = undefined;
        };
      }),
    close: () => lines?.close(),
  };
}
