import { Subscription, type SchedulerLike } from 'rxjs';
import type { Valve } from '../../src/valve.js';

/** The longest delay that a timer of the platform can hold; a longer wait is made of several. */
const longestDelay = 2 ** 31 - 1;

/** How many tokens of one synchronous burst may share a moment; a burst of a million takes a while itself. */
const longestBurst = 256;

/** What a clock rings for. */
export interface Appointment {
  /**
   * When there is something to ring for, as things are now; `Infinity` for never. What an alarm was set for may be
   * settled by the time it goes off, and nearly always is: then it is only set anew.
   */
  dueAt(): number;
  ring(): void;
}

interface Alarm {
  readonly at: number;
  timer: Subscription;
}

/**
 * One alarm on a scheduler whose time stands still while a valve is closed, for as long as `lifetime` lasts. An alarm
 * comes after everything that the scheduler has to do in the same frame, so that a token which arrives at that very
 * moment is seen first.
 */
export class Clock {
  /** The time that the alarm is set for, or `Infinity`. */
  setFor = Infinity;

  readonly #scheduler: SchedulerLike;
  readonly #lifetime: Subscription;
  readonly #appointment: Appointment;
  /** For how long time has stood still, and since when it does. */
  #stood = 0;
  #closedAt: number | undefined;
  /**
   * Each is set for an earlier time than the one below it. An early one is nearly always moot when it goes off, and
   * those below it stand then as they did.
   */
  readonly #alarms: Alarm[] = [];
  #burst = 0;
  #burstTime = -Infinity;
  #burstEnd: Subscription | undefined;

  constructor(
    scheduler: SchedulerLike,
    valve: Valve | undefined,
    lifetime: Subscription,
    appointment: Appointment,
  ) {
    this.#scheduler = scheduler;
    this.#lifetime = lifetime;
    this.#appointment = appointment;
    lifetime.add(() => {
      this.#drop(this.#alarms[0]);
      this.#endBurst();
    });
    lifetime.add(
      valve?.open$.subscribe({
        next: (open) => this.#turn(open),
        // A valve that breaks has closed for good or not at all: either way time goes on as it was.
        error: () => undefined,
      }),
    );
  }

  /** The time, read afresh. */
  now(): number {
    return (this.#closedAt ?? this.#scheduler.now()) - this.#stood;
  }

  /**
   * Whether what has just arrived did so in the same moment as what came before it. To ask a scheduler for each of a
   * million tokens costs more than to scan them, so what arrives in one synchronous burst shares one reading.
   */
  bursting(): boolean {
    return this.#burst > 0 && ++this.#burst <= longestBurst;
  }

  /**
   * The time of something that has arrived, read afresh. It takes two arrivals in the same moment to make a burst:
   * tokens that come one by one need no timer that ends it.
   */
  arrival(): number {
    const now = this.now();
    this.#burst = now === this.#burstTime ? 1 : 0;
    this.#burstTime = now;
    if (this.#burst > 0) this.#burstEnd ??= this.#scheduler.schedule(() => this.#endBurst(), 0);
    return now;
  }

  /** Sets the alarm for when something is due, unless it is set for that or earlier already. */
  arm(): void {
    if (this.#closedAt !== undefined || this.#lifetime.closed) return;
    const at = this.#appointment.dueAt();
    if (at >= this.setFor) return;
    const alarm = { at, timer: Subscription.EMPTY };
    this.#alarms.push(alarm);
    this.setFor = at;
    const delay = Math.min(longestDelay, Math.max(0, at - this.now()));
    alarm.timer = this.#scheduler.schedule(() => this.#goOff(alarm), delay);
  }

  #goOff(alarm: Alarm) {
    if (this.#appointment.dueAt() <= this.now()) {
      alarm.timer = this.#scheduler.schedule(() => {
        this.#drop(alarm);
        this.#appointment.ring();
      }, 0);
    } else {
      this.#drop(alarm);
      this.arm();
    }
  }

  /** Takes an alarm away, and those above it. */
  #drop(alarm: Alarm | undefined) {
    while (alarm && this.#alarms.includes(alarm)) this.#alarms.pop()?.timer.unsubscribe();
    this.setFor = this.#alarms.at(-1)?.at ?? Infinity;
  }

  #turn(open: boolean) {
    this.#endBurst();
    if (!open) {
      this.#closedAt ??= this.#scheduler.now();
      this.#drop(this.#alarms[0]);
    } else if (this.#closedAt !== undefined) {
      this.#stood += this.#scheduler.now() - this.#closedAt;
      this.#closedAt = undefined;
      this.#drop(this.#alarms[0]);
      this.#appointment.ring();
    }
  }

  #endBurst() {
    this.#burst = 0;
    this.#burstEnd?.unsubscribe();
    this.#burstEnd = undefined;
  }
}
