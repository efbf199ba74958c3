import { describe, expect, it } from 'vitest';
import { drainOutputs, type OutputSink } from '../../../src/engine/drain-outputs.ts';

/** Wants no more once it has this output. */
class SinkUntil implements OutputSink {
  readonly taken: unknown[] = [];
  readonly #last: unknown;

  constructor(last: unknown) {
    this.#last = last;
  }

  get isClosed(): boolean {
    return this.taken.includes(this.#last);
  }

  accept(output: unknown): void {
    this.taken.push(output);
  }
}

describe('drainOutputs', () => {
  it.each(['plain', 'async'])(
    'ends a generator (%s) at the output that was the last one wanted',
    async (kind) => {
      const ran: string[] = [];
      function* plain() {
        try {
          yield 1;
          yield 2;
          ran.push('ran on');
          yield 3;
        } finally {
          ran.push('cleaned up');
        }
      }
      async function* late() {
        yield* plain();
      }
      const sink = new SinkUntil(2);
      await drainOutputs(kind === 'plain' ? plain() : late(), sink);
      expect(sink.taken).toEqual([1, 2]);
      expect(ran).toEqual(['cleaned up']);
    },
  );
});
