import { Worker } from 'node:worker_threads';
import { Observable, type Subscriber } from 'rxjs';
import type { SynthesisAnswer, SynthesisRequest, SynthesizedPiece } from './synthesis.js';

/** How many threads synthesize, and how long they stay. */
export interface SynthesisPoolConfig {
  /** Threads at most, from 1 up. They are started when needed. */
  readonly workers: number;
  /** Milliseconds a thread stays without work, from 0 up. */
  readonly idleTimeout: number;
  /** The worker's script. */
  readonly script: URL;
}

/** Threads that synthesize. */
export interface SynthesisPool {
  /** How many pieces can be in synthesis at once. */
  readonly workers: number;
  /** One piece, spoken. Cold; unsubscribing stops the synthesis at once. */
  speak(request: SynthesisRequest): Observable<SynthesizedPiece>;
}

interface Task {
  readonly request: SynthesisRequest;
  readonly subscriber: Subscriber<SynthesizedPiece>;
}

interface Thread {
  readonly worker: Worker;
  task: Task | undefined;
  idle: ReturnType<typeof setTimeout> | undefined;
}

/**
 * A pool of threads that each synthesize one piece at a time, first come, first served. A thread is started when a
 * piece finds none free, holds the process only while it works, and leaves after `idleTimeout`. Synthesis cannot be
 * interrupted from within, so an unsubscribe ends the thread; its successor is started at once and takes some 40 ms,
 * because the compiled program is handed on. A thread that crashes fails its own piece only.
 */
export function createSynthesisPool({ workers, idleTimeout, script }: SynthesisPoolConfig): SynthesisPool {
  const threads = new Set<Thread>();
  const waiting: Task[] = [];
  let module: WebAssembly.Module | undefined;

  const drop = (thread: Thread) => {
    clearTimeout(thread.idle);
    if (threads.delete(thread)) void thread.worker.terminate();
  };
  const rest = (thread: Thread) => {
    thread.task = undefined;
    thread.worker.unref();
    thread.idle = setTimeout(() => drop(thread), idleTimeout).unref();
  };
  const assign = (thread: Thread, task: Task) => {
    clearTimeout(thread.idle);
    thread.task = task;
    thread.worker.ref();
    thread.worker.postMessage(task.request);
  };
  const start = (): Thread => {
    // Without the parent's flags: a loader among them would be loaded in each thread for nothing.
    const worker = new Worker(script, { workerData: { module }, execArgv: [], name: 'flite' });
    const thread: Thread = { worker, task: undefined, idle: undefined };
    threads.add(thread);
    worker.on('message', (answer: SynthesisAnswer) => {
      if (answer.type === 'compiled') module = answer.module;
      else settle(thread, answer);
    });
    worker.on('error', (error) => fail(thread, error));
    worker.on('messageerror', (error) => fail(thread, error));
    worker.on('exit', (code) => fail(thread, new Error(`the flite worker exited with ${code}`)));
    return thread;
  };
  const dispatch = () => {
    while (waiting.length > 0) {
      const free = [...threads].find((thread) => !thread.task);
      if (!free && threads.size >= workers) return;
      const task = waiting.shift();
      if (!task) return;
      try {
        assign(free ?? start(), task);
      } catch (error) {
        task.subscriber.error(error);
      }
    }
  };
  const settle = (thread: Thread, answer: Exclude<SynthesisAnswer, { type: 'compiled' }>) => {
    const task = thread.task;
    rest(thread);
    dispatch();
    if (answer.type === 'failed') task?.subscriber.error(new Error(answer.message));
    else {
      task?.subscriber.next(answer);
      task?.subscriber.complete();
    }
  };
  const fail = (thread: Thread, error: Error) => {
    if (!threads.has(thread)) return;
    const task = thread.task;
    thread.task = undefined;
    drop(thread);
    dispatch();
    task?.subscriber.error(error);
  };
  const cancel = (task: Task) => {
    const place = waiting.indexOf(task);
    if (place >= 0) waiting.splice(place, 1);
    const thread = [...threads].find((candidate) => candidate.task === task);
    if (!thread) return;
    thread.task = undefined;
    drop(thread);
    if (waiting.length > 0) dispatch();
    else if (![...threads].some((candidate) => !candidate.task)) rest(start());
  };

  return {
    workers,
    speak: (request) =>
      new Observable((subscriber) => {
        const task: Task = { request, subscriber };
        waiting.push(task);
        dispatch();
        return () => cancel(task);
      }),
  };
}
