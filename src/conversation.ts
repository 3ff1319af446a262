import {
  BehaviorSubject,
  defer,
  finalize,
  of,
  Subject,
  switchMap,
  take,
  type Observable,
  type ObservableInput,
} from 'rxjs';
import type { Filled } from './filled.js';
import type { Message, Role } from './message.js';
import { shown } from './shown.js';

/** A message of a conversation, and when it was added. */
export interface ConversationMessage extends Message {
  /** Milliseconds since 1970, by the conversation's clock. */
  readonly timestamp: number;
}

/** A conversation at one moment; never changed afterwards. */
export interface ConversationState {
  /** The conversation’s own. */
  readonly id: string;
  /** The system message, if there is one, then the turns, oldest first. */
  readonly messages: readonly ConversationMessage[];
}

/** What has changed in a conversation: enough to write it down and to repeat it. */
export type ConversationChange =
  | {
      readonly type: 'system';
      /** The new system message. */
      readonly message: ConversationMessage;
    }
  | {
      readonly type: 'add';
      /** The new last message. */
      readonly message: ConversationMessage;
    }
  | {
      readonly type: 'truncate';
      /** The last reply, shortened; null when it was taken back because none of it was heard. */
      readonly message: ConversationMessage | null;
    };

/** How much of a conversation is kept. The system message always stays, and so does the newest message. */
export interface HistoryLimit {
  /** At most this many messages, the system message not counted. A whole number over 0, or `Infinity`. */
  readonly messages?: number | undefined;
  /** At most this many tokens as `estimateTokens` counts them, the system message included. Over 0. */
  readonly tokens?: number | undefined;
  /** Tokens that a message costs. Default: a fourth of a token for an ASCII character, a whole one for any other, and 4. */
  readonly estimateTokens?: ((message: Message) => number) | undefined;
}

/** How a conversation begins. */
export interface ConversationConfig {
  /** Default: a random one. */
  readonly id?: string | undefined;
  /** What is kept; a number is a limit of messages. Default: everything. */
  readonly historyLimit?: number | HistoryLimit | undefined;
  /** Milliseconds since 1970, for the timestamps. Default: `Date.now`. */
  readonly clock?: (() => number) | undefined;
}

/** A conversation in figures. */
export interface ConversationStats {
  /** All of them. */
  readonly messages: number;
  /** System messages: 0 or 1. */
  readonly system: number;
  /** The user’s turns. */
  readonly user: number;
  /** Replies. */
  readonly assistant: number;
  /** Replies that were cut off. */
  readonly interrupted: number;
  /** UTF-16 units of all messages. */
  readonly characters: number;
  /** Words of all messages. */
  readonly words: number;
  /** Tokens of all messages, as the history limit’s `estimateTokens` counts them. */
  readonly estimatedTokens: number;
  /** Timestamp of the oldest message; null without one. */
  readonly firstAt: number | null;
  /** Timestamp of the newest message; null without one. */
  readonly lastAt: number | null;
}

const roles: readonly unknown[] = ['system', 'user', 'assistant'];

/**
 * What was said, by whom and when. Messages are never changed: a change is a new state, told by `state$`.
 *
 * ```ts
 * const conversation = new Conversation({ historyLimit: 20 });
 * conversation.system('Be brief.');
 * conversation.add('user', 'Why is the sky blue?');
 * model(conversation.messages).pipe(accumulateConversation(conversation)).subscribe();
 * ```
 */
export class Conversation {
  /** Its name, in a store and everywhere else. */
  readonly id: string;
  /** The state on subscribe, then at every change, in order. Never completes. */
  readonly state$: Observable<ConversationState>;
  /** Every change as it happens, none of those before subscribe. Never completes. */
  readonly changes$: Observable<ConversationChange>;

  readonly #state: BehaviorSubject<ConversationState>;
  readonly #changes = new Subject<ConversationChange>();
  readonly #limit: Filled<HistoryLimit>;
  readonly #clock: () => number;
  readonly #untold: { readonly state: ConversationState; readonly change: ConversationChange }[] = [];
  readonly #costs = new WeakMap<ConversationMessage, number>();
  readonly #turns: { readonly begin: Subject<void>; begun: boolean }[] = [];
  #messages: readonly ConversationMessage[] = [];
  #telling = false;
  #beginning = false;

  /** @throws TypeError when an option is out of range. */
  constructor(config: ConversationConfig = {}) {
    const { id = randomId(), historyLimit = {}, clock = Date.now } = config;
    if (typeof id !== 'string' || id === '') {
      throw new TypeError(`Conversation: id must be a text that is not empty, got ${JSON.stringify(id)}`);
    }
    if (typeof clock !== 'function') {
      throw new TypeError(`Conversation: clock must be a function, got ${shown(clock)}`);
    }
    this.id = id;
    this.#clock = clock;
    this.#limit = checkedLimit(historyLimit);
    this.#state = new BehaviorSubject<ConversationState>({ id, messages: [] });
    this.state$ = this.#state.asObservable();
    this.changes$ = this.#changes.asObservable();
  }

  /** The system message, if there is one, then the turns, oldest first. A snapshot: later changes don't show in it. */
  get messages(): readonly ConversationMessage[] {
    return this.#messages;
  }

  /** Sets the system message, in the place of an earlier one. It stays in front, whatever is forgotten. */
  system(text: string): ConversationMessage {
    return this.add('system', text);
  }

  /**
   * Adds a message and returns it, frozen, with its timestamp. A system message takes the place of the earlier one.
   *
   * @throws TypeError when the role is none or the content no text.
   */
  add(role: Role, content: string, metadata?: Readonly<Record<string, unknown>>): ConversationMessage {
    const message = checkedMessage(
      { role, content, metadata, timestamp: this.#clock() },
      'Conversation.add: ',
    );
    this.apply({ type: role === 'system' ? 'system' : 'add', message });
    return message;
  }

  /**
   * Shortens the last reply to what was heard of it, and marks it `interrupted`. White space and marks that a voice
   * passes over need not be in `heard`. Nothing heard: the reply is taken back. All of it heard: it stays as it is.
   *
   * @returns The reply as it is now; undefined where there is none.
   */
  truncateLast(heard: string): ConversationMessage | undefined {
    const last = this.#messages.findLast(({ role }) => role === 'assistant');
    if (!last) return undefined;
    const content = heardPart(last.content, heard);
    if (content === last.content) return last;
    const message =
      content.trim() === ''
        ? null
        : Object.freeze({
            ...last,
            content,
            metadata: Object.freeze({ ...last.metadata, interrupted: true }),
          });
    this.apply({ type: 'truncate', message });
    return message ?? undefined;
  }

  /** Repeats a change that was written down. */
  apply(change: ConversationChange): void {
    this.#repeat([change]);
    this.#untold.push({ state: Object.freeze({ id: this.id, messages: this.#messages }), change });
    this.#tell();
  }

  /** The messages that contain the text, whatever its case, or match the pattern; oldest first. */
  search(query: string | RegExp): readonly ConversationMessage[] {
    if (typeof query === 'string') {
      const wanted = query.toLowerCase();
      return this.#messages.filter(({ content }) => content.toLowerCase().includes(wanted));
    }
    // A copy: a pattern with `g` or `y` remembers where it was.
    const pattern = new RegExp(query.source, query.flags.replace(/[gy]/g, ''));
    return this.#messages.filter(({ content }) => pattern.test(content));
  }

  /** The conversation in figures. */
  stats(): ConversationStats {
    const all = this.#messages;
    const count = (wanted: Role) => all.filter(({ role }) => role === wanted).length;
    const times = all.map(({ timestamp }) => timestamp);
    return {
      messages: all.length,
      system: count('system'),
      user: count('user'),
      assistant: count('assistant'),
      interrupted: all.filter(({ metadata }) => metadata?.['interrupted'] === true).length,
      characters: all.reduce((sum, { content }) => sum + content.length, 0),
      words: all.reduce((sum, { content }) => sum + (content.match(/\S+/g)?.length ?? 0), 0),
      estimatedTokens: all.reduce((sum, message) => sum + this.#costOf(message), 0),
      firstAt: times.length === 0 ? null : Math.min(...times),
      lastAt: times.length === 0 ? null : Math.max(...times),
    };
  }

  /** The whole conversation as text: JSON that `fromJSON` reads, or Markdown for people. */
  export(format: 'json' | 'markdown'): string {
    if (format === 'json') return JSON.stringify({ id: this.id, messages: this.#messages }, null, 2);
    if ((format as unknown) !== 'markdown') {
      throw new TypeError(
        `Conversation.export: format must be 'json' or 'markdown', got ${format as string}`,
      );
    }
    const turns = this.#messages.map(({ role, content, timestamp, metadata }) => {
      const cut = metadata?.['interrupted'] === true ? ', interrupted' : '';
      const name = `${role.charAt(0).toUpperCase()}${role.slice(1)}`;
      return `## ${name} (${new Date(timestamp).toISOString()}${cut})\n\n${content}\n`;
    });
    return [`# Conversation ${this.id}\n`, ...turns].join('\n');
  }

  /** What `JSON.stringify` takes; `fromJSON` reads it back. */
  toJSON(): ConversationState {
    return this.#state.value;
  }

  /**
   * A conversation from what `export('json')` or `JSON.stringify` gave, as text or parsed.
   *
   * @throws TypeError that names the place, such as `messages[2].role`, when something is not as it should be.
   */
  static fromJSON(json: unknown, config: Omit<ConversationConfig, 'id'> = {}): Conversation {
    const refuse = (place: string, expected: string): never => {
      throw new TypeError(`Conversation.fromJSON: ${place} must be ${expected}`);
    };
    let value: unknown = json;
    if (typeof json === 'string') {
      try {
        value = JSON.parse(json);
      } catch (cause) {
        throw new TypeError('Conversation.fromJSON: the text is not JSON', { cause });
      }
    }
    if (!isRecord(value)) return refuse('the conversation', 'an object');
    const { id, messages } = value;
    if (typeof id !== 'string' || id === '') return refuse('id', 'a text that is not empty');
    if (!Array.isArray(messages)) return refuse('messages', 'a list');
    const changes = messages.map((message: unknown, index): ConversationChange => {
      const checked = checkedMessage(message, `Conversation.fromJSON: messages[${index}].`);
      if (checked.role === 'system' && index > 0)
        refuse(`messages[${index}].role`, 'user or assistant after the first');
      return { type: checked.role === 'system' ? 'system' : 'add', message: checked };
    });
    return Conversation.fromChanges(changes, { ...config, id });
  }

  /** A conversation in which all of this has happened, as a store keeps it. In time that grows with the list alone. */
  static fromChanges(changes: readonly ConversationChange[], config: ConversationConfig = {}): Conversation {
    const conversation = new Conversation(config);
    conversation.#repeat(changes);
    conversation.#state.next(Object.freeze({ id: conversation.id, messages: conversation.#messages }));
    return conversation;
  }

  /**
   * One turn after the other: subscribing to the result waits until every turn before it has completed, failed or
   * been unsubscribed, and only then calls `turn`. So that concurrent sends are answered in order, each with the
   * history that the one before has left.
   */
  inTurn<T>(turn: () => ObservableInput<T>): Observable<T> {
    return defer(() => {
      const mine = { begin: new Subject<void>(), begun: this.#turns.length === 0 };
      this.#turns.push(mine);
      const ready: Observable<unknown> = mine.begun ? of(true) : mine.begin;
      return ready.pipe(
        take(1),
        switchMap(() => turn()),
        // Runs once this turn's consumer has seen its end, so that what it does then comes before the next turn.
        finalize(() => {
          this.#turns.splice(this.#turns.indexOf(mine), 1);
          this.#beginNext();
        }),
      );
    });
  }

  #beginNext(): void {
    // A turn may be over as soon as it begins: the loop, not a call inside a call for each, goes on to the next.
    if (this.#beginning) return;
    this.#beginning = true;
    try {
      for (let next = this.#turns[0]; next && !next.begun; next = this.#turns[0]) {
        next.begun = true;
        next.begin.next();
      }
    } finally {
      this.#beginning = false;
    }
  }

  #repeat(changes: readonly ConversationChange[]): void {
    let system = this.#messages.filter(({ role }) => role === 'system');
    const turns = this.#messages.filter(({ role }) => role !== 'system');
    for (const change of changes) {
      if (change.type === 'truncate') {
        const at = turns.findLastIndex(({ role }) => role === 'assistant');
        if (at >= 0) turns.splice(at, 1, ...(change.message ? [change.message] : []));
        continue;
      }
      if (change.type === 'system') system = [change.message];
      else turns.push(change.message);
      turns.splice(0, this.#tooMany(system, turns));
    }
    this.#messages = Object.freeze([...system, ...turns]);
  }

  /** How many of the oldest turns are beyond the limit. */
  #tooMany(system: readonly ConversationMessage[], turns: readonly ConversationMessage[]): number {
    const { messages, tokens } = this.#limit;
    const tooMany = Math.max(0, turns.length - messages);
    if (tokens === Infinity) return tooMany;
    let left = system.reduce((rest, message) => rest - this.#costOf(message), tokens);
    const tooOld = turns.findLastIndex((message, index) => {
      left -= this.#costOf(message);
      return left < 0 && index < turns.length - 1;
    });
    return Math.max(tooMany, tooOld + 1);
  }

  /** Reckoned once: a message never changes. */
  #costOf(message: ConversationMessage): number {
    const known = this.#costs.get(message);
    if (known !== undefined) return known;
    const cost = this.#limit.estimateTokens(message);
    this.#costs.set(message, cost);
    return cost;
  }

  #tell(): void {
    // A listener may add a message while it is told: the loop tells everyone again, in order, when it is done.
    if (this.#telling) return;
    this.#telling = true;
    try {
      for (let next = this.#untold.shift(); next; next = this.#untold.shift()) {
        this.#changes.next(next.change);
        this.#state.next(next.state);
      }
    } finally {
      this.#telling = false;
    }
  }
}

function checkedLimit(limit: number | HistoryLimit): Filled<HistoryLimit> {
  const given: unknown = limit;
  if (typeof given !== 'number' && !isRecord(given)) {
    throw new TypeError(
      `Conversation: historyLimit must be a whole number over 0 or { messages, tokens }, got ${String(given)}`,
    );
  }
  const {
    messages = Infinity,
    tokens = Infinity,
    estimateTokens = estimate,
  } = typeof limit === 'number' ? { messages: limit } : limit;
  if (!(messages >= 1 && (Number.isInteger(messages) || messages === Infinity))) {
    throw new TypeError(
      `Conversation: historyLimit${typeof limit === 'number' ? '' : '.messages'} must be a whole number over 0, got ${shown(messages)}`,
    );
  }
  if (!(tokens > 0)) {
    throw new TypeError(`Conversation: historyLimit.tokens must be a number over 0, got ${shown(tokens)}`);
  }
  if (typeof estimateTokens !== 'function') {
    throw new TypeError(
      `Conversation: historyLimit.estimateTokens must be a function, got ${String(estimateTokens)}`,
    );
  }
  return { messages, tokens, estimateTokens };
}

/** Rough, and rather too many than too few: an ASCII character a fourth of a token, any other a whole one. */
function estimate({ content }: Message): number {
  let quarters = 0;
  for (const character of content) quarters += character <= '\u007f' ? 1 : 4;
  return Math.ceil(quarters / 4) + 4;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The milliseconds from 1970 that a `Date` reaches, either way. */
const latestDate = 8.64e15;

/** The message, checked and frozen; `place` is put in front of a complaint. */
function checkedMessage(value: unknown, place: string): ConversationMessage {
  const refuse = (name: string, expected: string): never => {
    throw new TypeError(`${place}${name} must be ${expected}`);
  };
  if (!isRecord(value)) return refuse('message', 'an object');
  const { role, content, timestamp, metadata } = value;
  if (!roles.includes(role)) refuse('role', `'system', 'user' or 'assistant', got ${JSON.stringify(role)}`);
  if (typeof content !== 'string') return refuse('content', `a text, got ${typeof content}`);
  if (typeof timestamp !== 'number' || !(Math.abs(timestamp) <= latestDate)) {
    return refuse('timestamp', `milliseconds since 1970, got ${JSON.stringify(timestamp)}`);
  }
  if (metadata !== undefined && !isRecord(metadata)) return refuse('metadata', 'an object');
  return Object.freeze({
    role: role as Role,
    content,
    timestamp,
    ...(metadata && { metadata: Object.freeze({ ...metadata }) }),
  });
}

/** Whether a voice may pass it over. */
const silent = /[^\p{L}\p{N}\p{M}]/u;
const speakable = /[\p{L}\p{N}]/u;

/** The beginning of `content` up to the last thing heard; `heard` itself where it is something else. */
function heardPart(content: string, heard: string): string {
  let length = 0;
  if (content.startsWith(heard)) length = heard.length;
  else {
    for (const character of heard) {
      const found = length;
      let next = characterAt(content, length);
      while (next !== character && next !== '' && silent.test(next)) {
        length += next.length;
        next = characterAt(content, length);
      }
      if (next === character) length += next.length;
      else if (silent.test(character)) length = found;
      else return heard;
    }
  }
  return speakable.test(content.slice(length)) ? content.slice(0, length) : content;
}

function characterAt(text: string, index: number): string {
  const code = text.codePointAt(index);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
