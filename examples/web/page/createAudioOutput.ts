/** Makes the page's sound: one context, made anew only when a voice has another sample rate. Call it in a gesture. */
export function createAudioOutput() {
  let context: AudioContext | undefined;
  return {
    open(sampleRate: number): AudioContext {
      if (context?.sampleRate !== sampleRate) {
        void context?.close();
        context = new AudioContext({ sampleRate, latencyHint: 'interactive' });
      }
      void context.resume();
      return context;
    },
    /** A browser may hold sound back until the next gesture; this is one. */
    touched(): void {
      if (context?.state === 'suspended') void context.resume();
    },
    get heldBack(): boolean {
      return context !== undefined && context.state !== 'running';
    },
  };
}
