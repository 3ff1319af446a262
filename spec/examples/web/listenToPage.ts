import type { Page } from 'playwright-core';

declare global {
  /** What the page's scripts have sent to the loudspeaker and marked, noted from outside of them. */
  var heardOutside: {
    /** Loudness now: the root of the mean square of some 50 ms. */
    level(): number;
    /** Words marked as being spoken, in their order. */
    readonly marks: { readonly text: string; readonly at: number }[];
    /** Lengths that the transcript has had. */
    readonly lengths: number[];
    /** When something was clicked or typed last, in ms since 1970. */
    touchedAt: number;
  };
}

/** Before the page's own scripts: an ear at whatever is connected to the loudspeaker, and an eye on the text. */
export async function listenToPage(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const ears: AnalyserNode[] = [];
    const connect = Reflect.get(AudioNode.prototype, 'connect') as (
      this: AudioNode,
      ...to: unknown[]
    ) => unknown;
    AudioNode.prototype.connect = function (this: AudioNode, ...to: unknown[]) {
      if (to[0] instanceof AudioDestinationNode) {
        const ear = new AnalyserNode(this.context, { fftSize: 1024 });
        ears.push(ear);
        connect.call(this, ear);
      }
      return connect.apply(this, to);
    } as AudioNode['connect'];

    globalThis.heardOutside = {
      level() {
        const samples = new Float32Array(1024);
        return Math.max(
          0,
          ...ears.map((ear) => {
            if (ear.context.state !== 'running') return 0;
            ear.getFloatTimeDomainData(samples);
            return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
          }),
        );
      },
      marks: [],
      lengths: [],
      touchedAt: 0,
    };
    const { marks, lengths } = globalThis.heardOutside;
    for (const gesture of ['click', 'keydown']) {
      const touched = () => (globalThis.heardOutside.touchedAt = performance.timeOrigin + performance.now());
      addEventListener(gesture, touched, { capture: true });
    }
    addEventListener('DOMContentLoaded', () => {
      const transcript = document.querySelector('#transcript');
      new MutationObserver(() => {
        const length = transcript?.querySelector('.live p')?.textContent.length ?? 0;
        if (length !== lengths.at(-1)) lengths.push(length);
        const text = transcript?.querySelector('mark')?.textContent ?? '';
        if (text !== '' && text !== marks.at(-1)?.text) marks.push({ text, at: performance.now() });
      }).observe(document, { childList: true, characterData: true, subtree: true });
    });
  });
}
