import { Subject, switchMap } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  Conversation,
  keepConversation,
  openConversation,
  type ConversationChange,
  type ConversationStore,
} from '../../src/index.js';
import { collect, collectFailure } from '../support/collect.js';

const said = (content: string): ConversationChange => ({
  type: 'add',
  message: { role: 'user', content, timestamp: 1, metadata: { mood: 'fine' } },
});

/** What every conversation store must do. */
export function storeConformance(name: string, make: () => ConversationStore): void {
  describe(`${name} is a conversation store`, () => {
    it('has nothing at first', async () => {
      const store = make();
      expect(await collect(store.load('ann'))).toEqual([{ changes: [], version: 0 }]);
      expect(await collect(store.ids())).toEqual([]);
      expect(await collect(store.delete('ann'))).toEqual([]);
    });

    it('gives back what was written, in order', async () => {
      const store = make();
      expect(await collect(store.append('ann', [said('1'), said('2')], { expectedVersion: 0 }))).toEqual([1]);
      expect(
        await collect(store.append('ann', [said('line\nbreak 天空 💡')], { expectedVersion: 1 })),
      ).toEqual([2]);
      const changes = [said('1'), said('2'), said('line\nbreak 天空 💡')];
      expect(await collect(store.load('ann'))).toEqual([{ changes, version: 2 }]);
    });

    it('keeps conversations apart, whatever they are called', async () => {
      const store = make();
      const ids = ['ann', 'Ben & Co.', '../ann', '.', 'a/b', '天空', 'a%2Fb', 'con'];
      for (const id of ids) await collect(store.append(id, [said(id)], { expectedVersion: 0 }));
      expect((await collect(store.ids())).sort()).toEqual([...ids].sort());
      for (const id of ids) {
        expect(await collect(store.load(id))).toEqual([{ changes: [said(id)], version: 1 }]);
      }
      await collect(store.delete('../ann'));
      expect(await collect(store.ids())).toHaveLength(ids.length - 1);
    });

    it('refuses a second writer of the same version, who is told what is there', async () => {
      const store = make();
      await collect(store.append('ann', [said('1')], { expectedVersion: 0 }));
      const { error } = await collectFailure(store.append('ann', [said('x')], { expectedVersion: 0 }));
      expect(error).toMatchObject({
        name: 'ConversationConflictError',
        id: 'ann',
        expected: 0,
        actual: 1,
        retryable: false,
      });
      expect(
        (await collectFailure(store.append('ann', [said('x')], { expectedVersion: 5 }))).error,
      ).toMatchObject({
        expected: 5,
      });
      expect(await collect(store.load('ann'))).toEqual([{ changes: [said('1')], version: 1 }]);
    });

    it('lets one of many at once win', async () => {
      const store = make();
      const results = await Promise.allSettled(
        Array.from({ length: 10 }, (_, index) =>
          collect(store.append('ann', [said(String(index))], { expectedVersion: 0 })),
        ),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await collect(store.load('ann'))).toMatchObject([{ version: 1 }]);
    });

    it('does nothing before subscribe, and again for each subscription', async () => {
      const store = make();
      const append = store.append('ann', [said('1')], { expectedVersion: 0 });
      expect(await collect(store.load('ann'))).toMatchObject([{ version: 0 }]);
      await collect(append);
      expect((await collectFailure(append)).error).toMatchObject({ name: 'ConversationConflictError' });
    });

    it('begins anew after a delete', async () => {
      const store = make();
      await collect(store.append('ann', [said('1')], { expectedVersion: 0 }));
      await collect(store.delete('ann'));
      expect(await collect(store.load('ann'))).toMatchObject([{ version: 0 }]);
      expect(await collect(store.append('ann', [said('2')], { expectedVersion: 0 }))).toEqual([1]);
    });

    it('keeps a conversation as it changes, and opens it again', async () => {
      const store = make();
      const conversation = new Conversation({ id: 'ann' });
      const versions: number[] = [];
      const done = new Subject<void>();
      const keeping = keepConversation(conversation, store).subscribe((version) => {
        versions.push(version);
        if (version === 5) done.next();
      });
      const finished = new Promise<void>((resolve) => done.subscribe(resolve));
      conversation.system('Be brief.');
      conversation.add('user', 'Hi');
      conversation.add('assistant', 'Hello there. How are you?');
      conversation.truncateLast('Hello there.');
      conversation.add('user', 'Fine.');
      await finished;
      keeping.unsubscribe();
      expect(versions).toEqual([1, 2, 3, 4, 5]);

      const [opened] = await collect(openConversation(store, 'ann'));
      expect(opened!.version).toBe(5);
      expect(opened!.conversation.export('json')).toBe(conversation.export('json'));

      const again = openConversation(store, 'ann').pipe(
        switchMap(({ conversation: copy, version }) => {
          const kept = keepConversation(copy, store, version);
          queueMicrotask(() => copy.add('assistant', 'Good.'));
          return kept;
        }),
      );
      await new Promise<void>((resolve) => {
        const subscription = again.subscribe((version) => {
          expect(version).toBe(6);
          resolve();
          queueMicrotask(() => subscription.unsubscribe());
        });
      });
      const limited = await collect(openConversation(store, 'ann', { historyLimit: 1 }));
      expect(limited[0]!.conversation.messages.map(({ content }) => content)).toEqual(['Be brief.', 'Good.']);
    });

    it('tells who keeps a conversation that somebody else has written to it', async () => {
      const store = make();
      const conversation = new Conversation({ id: 'ann' });
      const failure = collectFailure(keepConversation(conversation, store));
      await collect(store.append('ann', [said('x')], { expectedVersion: 0 }));
      conversation.add('user', 'Hi');
      expect((await failure).error).toMatchObject({ name: 'ConversationConflictError' });
    });

    it('refuses a version that is none', () => {
      expect(() => keepConversation(new Conversation(), make(), -1)).toThrow(/version/);
    });
  });
}
