import { expect, it } from 'vitest';
import { type HeapMember, IndexedHeap } from '../../../src/scheduler/indexed-heap.ts';
import { seeded } from '../../support/seeded.ts';

interface Numbered extends HeapMember {
  readonly value: number;
}

it('gives its members in order, whatever was taken out of the middle', () => {
  const random = seeded(3);
  const heap = new IndexedHeap<Numbered>((a, b) => a.value < b.value);
  const members = Array.from({ length: 500 }, (): Numbered => ({ value: random(), heapIndex: -1 }));
  for (const member of members) heap.push(member);
  const kept = members.filter((member, at) => {
    if (at % 3 === 0) heap.remove(member);
    return at % 3 !== 0;
  });
  const popped: number[] = [];
  for (let next = heap.pop(); next !== undefined; next = heap.pop()) popped.push(next.value);
  expect(popped).toEqual(kept.map(({ value }) => value).sort((a, b) => a - b));
  expect(members.every(({ heapIndex }) => heapIndex === -1)).toBe(true);
});
