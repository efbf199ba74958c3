import { expect, it } from 'vitest';
import { type HeapMember, IndexedHeap } from '../../../src/scheduler/indexed-heap.ts';
import { seeded } from '../../support/seeded.ts';

interface Numbered extends HeapMember {
  readonly value: number;
}

it('gives its members in order, whatever was taken out of the middle', () => {
  const random = seeded(3);
  const heap = new IndexedHeap<Numbered>();
  const members = Array.from({ length: 500 }, (): Numbered => ({ value: random(), heapIndex: -1 }));
  for (const member of members) heap.push(member, member.value);
  const kept = members.filter((member, at) => {
    if (at % 3 === 0) heap.remove(member);
    return at % 3 !== 0;
  });
  const popped: number[] = [];
  for (let next = heap.pop(); next !== undefined; next = heap.pop()) popped.push(next.value);
  expect(popped).toEqual(kept.map(({ value }) => value).sort((a, b) => a - b));
  expect(members.every(({ heapIndex }) => heapIndex === -1)).toBe(true);
});

it('puts the lowest tie first among equal keys, and knows where a member stands', () => {
  const heap = new IndexedHeap<Numbered>();
  const [late, early, first] = [3, 2, 9].map((value): Numbered => ({ value, heapIndex: -1 })) as [
    Numbered,
    Numbered,
    Numbered,
  ];
  heap.push(late, 1, 3);
  heap.push(early, 1, 2);
  heap.push(first, 0, 9);
  expect([heap.isAt(early, 1, 2), heap.isAt(early, 1, 3), heap.firstKey]).toEqual([true, false, 0]);
  expect([heap.pop(), heap.pop(), heap.pop(), heap.pop()]).toEqual([first, early, late, undefined]);
  expect(heap.firstKey).toBe(Number.POSITIVE_INFINITY);
});

it('shows its first members in order and keeps them', () => {
  const random = seeded(5);
  const heap = new IndexedHeap<Numbered>();
  const values = Array.from({ length: 200 }, () => Math.floor(random() * 50));
  for (const value of values) heap.push({ value, heapIndex: -1 }, value);
  values.sort((a, b) => a - b);
  expect(heap.first(60).map(({ value }) => value)).toEqual(values.slice(0, 60));
  expect(heap.first(500).map(({ value }) => value)).toEqual(values);
  expect([heap.size, heap.first(0)]).toEqual([200, []]);
});
