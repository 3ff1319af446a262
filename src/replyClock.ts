/** What a reply's clocks measure, in milliseconds. */
export interface ReplyClockConfig {
  /** From the request to the first text. Default: no limit. */
  readonly firstTokenTimeout?: number | undefined;
  /** Between two pieces of text or reasoning. Default: no limit. */
  readonly idleTimeout?: number | undefined;
  /** Called once, when a limit has passed. */
  readonly expired: (what: 'firstTokenTimeout' | 'idleTimeout' | 'closing', limit: number) => void;
}

/** The clocks of one reply. */
export interface ReplyClock {
  /** The request goes out. */
  start(): void;
  /** Text has been handed on, and more is asked for. */
  text(): void;
  /** Reasoning, or a part of a tool call, has been handed on, and more is asked for. */
  progress(): void;
  /** The reply is whole: only the end of the stream is outstanding, and only so many milliseconds. */
  closing(limit: number): void;
  /** Nothing counts until `resume`: the pause is ours. */
  pause(): void;
  resume(): void;
  stop(): void;
}

/** How long a late timer waits for bytes that came while the event loop was busy elsewhere. */
const benefitOfDoubt = 25;

/**
 * The clocks behind `firstTokenTimeout` and `idleTimeout`. One timer for both, moved only when it fires too early,
 * so that a token costs no timer. They stand still between `pause` and `resume`.
 */
export function replyClock({ firstTokenTimeout, idleTimeout, expired }: ReplyClockConfig): ReplyClock {
  const firstLimit = firstTokenTimeout ?? Infinity;
  const idleLimit = idleTimeout ?? Infinity;
  let closingLimit = Infinity;
  let firstDeadline = Infinity;
  let idleDeadline = Infinity;
  let closingDeadline = Infinity;
  let pausedAt: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let timerAt = Infinity;
  /** The deadline that has had the benefit of the doubt. */
  let doubted: number | undefined;

  const now = () => performance.now();
  const deadline = () => Math.min(firstDeadline, idleDeadline, closingDeadline);
  const disarm = () => {
    clearTimeout(timer);
    timer = undefined;
    timerAt = Infinity;
  };
  const arm = () => {
    const next = deadline();
    if (pausedAt !== undefined || next === Infinity || timerAt <= next) return;
    clearTimeout(timer);
    timerAt = next;
    // Longer delays than a 32-bit number of milliseconds would fire at once.
    timer = setTimeout(fire, Math.min(Math.max(0, next - now()), 2 ** 31 - 1));
  };
  const fire = () => {
    timer = undefined;
    timerAt = Infinity;
    const late = now() - deadline();
    if (late < 0) {
      arm();
    } else if (late > benefitOfDoubt && doubted !== deadline()) {
      // The event loop was held up, and what waits in the socket has had no chance to be read: look once more.
      doubted = deadline();
      timerAt = -Infinity;
      timer = setTimeout(fire, benefitOfDoubt);
    } else {
      const what =
        deadline() === firstDeadline
          ? 'firstTokenTimeout'
          : deadline() === idleDeadline
            ? 'idleTimeout'
            : 'closing';
      const limit = { firstTokenTimeout: firstLimit, idleTimeout: idleLimit, closing: closingLimit }[what];
      expired(what, limit);
    }
  };
  const alive = () => {
    if (idleLimit === Infinity) return;
    idleDeadline = (pausedAt ?? now()) + idleLimit;
    arm();
  };

  return {
    start() {
      if (firstLimit === Infinity) return;
      firstDeadline = (pausedAt ?? now()) + firstLimit;
      arm();
    },
    text() {
      firstDeadline = Infinity;
      alive();
    },
    progress: alive,
    closing(limit) {
      if (closingDeadline !== Infinity) return;
      firstDeadline = Infinity;
      idleDeadline = Infinity;
      closingLimit = limit;
      closingDeadline = (pausedAt ?? now()) + limit;
      arm();
    },
    pause() {
      pausedAt ??= now();
      disarm();
    },
    resume() {
      if (pausedAt === undefined) return;
      const pause = now() - pausedAt;
      pausedAt = undefined;
      firstDeadline += pause;
      idleDeadline += pause;
      closingDeadline += pause;
      arm();
    },
    stop: disarm,
  };
}
