import { describe, expect, it } from 'vitest';
import { HeldRequests } from '../../../src/scheduler/held-requests.ts';
import { PagedQueue, type QueuePage, type QueuePages } from '../../../src/scheduler/paged-queue.ts';
import { newRequest, type QueuedRequest } from '../../../src/scheduler/queued-request.ts';
import { candidate } from '../../contract/scheduler.ts';

/** A queue over a disk that is a list. */
class Disk {
  readonly queue: PagedQueue;
  readonly stored: QueuedRequest[] = [];
  readonly leased = new Set<number>();
  readonly faults: unknown[] = [];
  /** Called before a page is read. */
  beforeRead: () => void = () => {};

  readonly pages: { -readonly [Key in keyof QueuePages]: QueuePages[Key] };

  constructor(order: 'lifo' | 'fifo', mostHeld = 1000, size = 4) {
    this.pages = {
      newestFirst: order === 'lifo',
      size,
      held: new HeldRequests(mostHeld),
      batch: () => 0,
      read: async (page) => {
        await Promise.resolve();
        this.beforeRead();
        return this.#read(page);
      },
      get: async ({ priority, sequences }) => {
        await Promise.resolve();
        this.beforeRead();
        return sequences.map((sequence) => this.#get(priority, sequence));
      },
      isLeased: (id) => this.leased.has(id),
      missing: (host, count) => new Error(`${count} of ${host} are missing`),
      fault: (error) => this.faults.push(error),
    };
    this.queue = new PagedQueue('a.test', this.pages);
  }

  entry(id: number, priority = 0): QueuedRequest {
    const one = candidate(`http://a.test/${id}`, { priority });
    const entry = newRequest(one, id, one.host, one.origin);
    entry.sequence = id;
    this.stored.push(entry);
    return entry;
  }

  push(...ids: readonly number[]): void {
    for (const id of ids) this.queue.push(this.entry(id));
  }

  /** What comes out, read ahead or not. */
  async take(count = Number.POSITIVE_INFINITY): Promise<number[]> {
    const ids: number[] = [];
    while (ids.length < count && this.queue.size > 0) {
      if (this.queue.peek() === undefined) await this.queue.load();
      const entry = this.queue.pop();
      if (entry === undefined) continue;
      this.leased.add(entry.id);
      ids.push(entry.id);
    }
    return ids;
  }

  #get(priority: number, sequence: number): QueuedRequest {
    const found = this.stored.find((one) => one.priority === priority && one.sequence === sequence);
    if (found === undefined) throw this.pages.missing('a.test', 1);
    return found;
  }

  #read({ priority, from, to, limit, newestFirst }: QueuePage): QueuedRequest[] {
    const found = this.stored.filter(
      (one) => one.priority === priority && one.sequence >= from && one.sequence < to,
    );
    found.sort((a, b) => (newestFirst ? b.sequence - a.sequence : a.sequence - b.sequence));
    return found.slice(0, limit);
  }
}

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, at) => from + at);

describe('PagedQueue', () => {
  it('keeps the order over pages, newest or oldest first', async () => {
    for (const order of ['lifo', 'fifo'] as const) {
      const disk = new Disk(order);
      disk.push(...numbers(1, 60));
      const expected = numbers(1, 60);
      expect(await disk.take()).toEqual(order === 'lifo' ? expected.reverse() : expected);
    }
  });

  it('takes up what stands on disk', async () => {
    const disk = new Disk('lifo');
    for (const id of numbers(1, 11)) disk.entry(id);
    disk.queue.addStored(0, 10);
    expect(await disk.take()).toEqual(numbers(1, 11).reverse());
  });

  it('doubles nothing that is pushed while its first page is read', async () => {
    for (const order of ['lifo', 'fifo'] as const) {
      const disk = new Disk(order);
      for (const id of numbers(1, 6)) disk.entry(id);
      disk.queue.addStored(0, 5);
      disk.beforeRead = () => {
        disk.beforeRead = () => {};
        disk.push(6, 7);
      };
      expect((await disk.take()).sort()).toEqual(numbers(1, 8));
    }
  });

  it('puts a request back before the others, once', async () => {
    const disk = new Disk('lifo');
    disk.push(...numbers(1, 30));
    const [first = 0] = await disk.take(1);
    disk.leased.delete(first);
    disk.queue.pushBack(disk.stored.find(({ id }) => id === first) ?? disk.entry(0));
    expect(await disk.take()).toEqual(numbers(1, 30).reverse());
  });

  it('gives what came back from an ended process before all others, whatever its priority', async () => {
    const disk = new Disk('fifo');
    disk.push(...numbers(2, 10));
    disk.queue.pushFirst(disk.entry(1, -5));
    expect(await disk.take()).toEqual(numbers(1, 10));
  });

  it('lets go of what it holds where all queues hold too much, and reads it again', async () => {
    const disk = new Disk('lifo', 6);
    disk.push(...numbers(1, 40));
    expect(await disk.take()).toEqual(numbers(1, 40).reverse());
  });

  it('passes nothing over when it lets go of more than it had beyond its edge', async () => {
    const disk = new Disk('lifo', 1000, 8);
    disk.push(...numbers(1, 17));
    const lent = await disk.take(16);
    disk.push(...numbers(17, 27));
    disk.pages.held.queues += 1000;
    disk.push(27);
    disk.pages.held.queues -= 1000;
    for (const id of lent) {
      disk.leased.delete(id);
      disk.queue.pushBack(disk.stored.find((entry) => entry.id === id) ?? disk.entry(0));
    }
    disk.push(28);
    expect((await disk.take()).sort((a, b) => a - b)).toEqual(numbers(1, 29));
  });

  it('shares what may be held with the other queues', async () => {
    const disk = new Disk('lifo', 1000, 64);
    const heldAfter = (count: number): number => {
      const before = disk.pages.held.count;
      const queue = new PagedQueue(`${count}.test`, disk.pages);
      for (const id of numbers(1, 200)) queue.push(disk.entry(id));
      return disk.pages.held.count - before;
    };
    disk.pages.held.queues = 1;
    expect(heldAfter(1)).toBeGreaterThan(64);
    disk.pages.held.queues = 50;
    expect(heldAfter(50)).toBeLessThanOrEqual(20);
    disk.pages.held.queues = 500;
    expect(heldAfter(51)).toBeLessThanOrEqual(2);
    disk.queue.clear();
    disk.push(1);
    expect(disk.pages.held.queues).toBe(502);
    disk.queue.clear();
    expect(disk.pages.held.queues).toBe(501);
  });

  it('holds nothing of a queue that others leave no room for, and finds it again without a search', async () => {
    for (const order of ['lifo', 'fifo'] as const) {
      const disk = new Disk(order, 8);
      const other = new PagedQueue('other.test', disk.pages);
      for (const id of numbers(101, 110)) other.push(disk.entry(id, 1));
      const full = disk.pages.held.count;
      while (!disk.pages.held.isFull) other.pushBack(disk.entry(100 - disk.pages.held.count, 1));
      disk.push(...numbers(1, 10));
      expect(full).toBeGreaterThan(0);
      expect([...disk.queue.values()]).toEqual([]);
      disk.pages.read = () => Promise.reject(new Error('searched'));
      const expected = numbers(1, 10);
      expect(await disk.take()).toEqual(order === 'lifo' ? expected.reverse() : expected);
    }
  });

  it('has the queue let go first to which nothing has happened for longest', () => {
    const disk = new Disk('lifo', 3);
    const queues = ['a', 'b', 'c', 'd'].map((name) => new PagedQueue(`${name}.test`, disk.pages));
    for (const [at, queue] of queues.entries()) queue.pushBack(disk.entry(at + 1));
    queues[1]?.pushBack(disk.entry(10));
    expect(queues.map((queue) => [...queue.values()].length)).toEqual([0, 2, 0, 1]);
    expect(disk.pages.held.count).toBe(3);
  });

  it('tells of a request that is missing from the place that is known', async () => {
    const disk = new Disk('fifo', 3);
    disk.push(1, 2);
    disk.queue.letGo(false);
    disk.stored.shift();
    await expect(disk.queue.load()).rejects.toThrow('1 of a.test are missing');
  });

  it('misses nothing that was dropped while it was read', async () => {
    for (const drop of [
      (disk: Disk) => disk.queue.clear(),
      (disk: Disk) => disk.queue.remove(new Map([1, 2].map((sequence) => [sequence, 0]))),
    ]) {
      const disk = new Disk('fifo', 3);
      disk.push(1, 2);
      disk.queue.letGo(false);
      disk.beforeRead = () => {
        drop(disk);
        disk.stored.length = 0;
      };
      await disk.queue.load();
      expect(disk.queue.size).toBe(0);
    }
  });

  it('tells of requests that are not on disk', async () => {
    const disk = new Disk('fifo');
    disk.entry(1);
    disk.queue.addStored(0, 3);
    await expect(disk.queue.load()).rejects.toThrow('2 of a.test are missing');
  });
});
