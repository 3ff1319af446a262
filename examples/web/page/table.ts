import type { Recording } from './recording.js';

/** The timeline in words and figures, for those who don't see it, and for those who want to know exactly. */
export function fillTable(body: HTMLElement, { utterances }: Recording): void {
  const ms = (time: number | undefined) => (time === undefined ? '–' : `${Math.round(time)} ms`);
  body.replaceChildren(
    ...utterances.map(({ text, sentence, asked, sounding, heard }, index) => {
      const row = document.createElement('tr');
      const from = heard[0]?.from;
      const cells = [
        String(index + 1),
        text.trim(),
        ms(sentence.to),
        ms(asked),
        ms(sounding),
        from === undefined ? '–' : `${ms(from)} to ${ms(heard.at(-1)?.to)}`,
      ];
      row.append(
        ...cells.map((content) => {
          const cell = document.createElement('td');
          cell.textContent = content;
          return cell;
        }),
      );
      return row;
    }),
  );
}
