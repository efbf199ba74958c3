/** What an `IndexedHeap` holds: it notes its own place, so that it can be moved or taken out in O(log n). */
export interface HeapMember {
  /** Place in the heap; -1 outside. */
  heapIndex: number;
}

/**
 * A binary heap whose members know their place: the lowest key first, among equal keys the lowest tie. A member is
 * in one heap at most. Keys lie side by side: comparing them touches no member, which counts with a million of them.
 */
export class IndexedHeap<Member extends HeapMember> {
  readonly #members: Member[] = [];
  readonly #keys: number[] = [];
  readonly #ties: number[] = [];

  get size(): number {
    return this.#members.length;
  }

  /** The first member, which stays. */
  peek(): Member | undefined {
    return this.#members[0];
  }

  /** The key of the first member; infinite: there is none. */
  get firstKey(): number {
    return this.#keys[0] ?? Number.POSITIVE_INFINITY;
  }

  /** Whether a member of this heap stands under these numbers. */
  isAt({ heapIndex }: Member, key: number, tie = 0): boolean {
    return this.#keys[heapIndex] === key && this.#ties[heapIndex] === tie;
  }

  push(member: Member, key: number, tie = 0): void {
    this.#members.push(member);
    this.#keys.push(key);
    this.#ties.push(tie);
    this.#rise(this.#members.length - 1, member, key, tie);
  }

  /** Takes the first member. */
  pop(): Member | undefined {
    const first = this.#members[0];
    if (first !== undefined) this.remove(first);
    return first;
  }

  remove(member: Member): void {
    const at = member.heapIndex;
    const last = this.#members.pop();
    const key = this.#keys.pop() ?? 0;
    const tie = this.#ties.pop() ?? 0;
    member.heapIndex = -1;
    if (last === undefined || last === member) return;
    this.#sink(this.#rise(at, last, key, tie), last, key, tie);
  }

  /** The first members, so many at most, in order; they stay. */
  first(count: number): Member[] {
    const found: Member[] = [];
    // Places whose parents were found.
    const next = new IndexedHeap<HeapMember & { readonly at: number }>();
    const consider = (at: number): void => {
      if (at < this.size) next.push({ at, heapIndex: -1 }, this.#key(at), this.#tie(at));
    };
    consider(0);
    while (found.length < count) {
      const at = next.pop()?.at;
      const member = at === undefined ? undefined : this.#members[at];
      if (at === undefined || member === undefined) break;
      found.push(member);
      consider(at * 2 + 1);
      consider(at * 2 + 2);
    }
    return found;
  }

  /** Every member, in no order. */
  values(): readonly Member[] {
    return this.#members;
  }

  /** Moves a hole towards the first place as far as the member must go, and puts it there; gives the place. */
  #rise(hole: number, member: Member, key: number, tie: number): number {
    let at = hole;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(key, tie, this.#key(parent), this.#tie(parent))) break;
      this.#shift(parent, at);
      at = parent;
    }
    return this.#place(at, member, key, tie);
  }

  #sink(hole: number, member: Member, key: number, tie: number): void {
    let at = hole;
    for (;;) {
      const left = at * 2 + 1;
      if (left >= this.#members.length) break;
      const right = left + 1;
      const isRight =
        right < this.#members.length &&
        isBefore(this.#key(right), this.#tie(right), this.#key(left), this.#tie(left));
      const child = isRight ? right : left;
      if (!isBefore(this.#key(child), this.#tie(child), key, tie)) break;
      this.#shift(child, at);
      at = child;
    }
    this.#place(at, member, key, tie);
  }

  #shift(from: number, to: number): void {
    const member = this.#members[from];
    if (member !== undefined) this.#place(to, member, this.#key(from), this.#tie(from));
  }

  #place(at: number, member: Member, key: number, tie: number): number {
    this.#members[at] = member;
    this.#keys[at] = key;
    this.#ties[at] = tie;
    member.heapIndex = at;
    return at;
  }

  #key(at: number): number {
    return this.#keys[at] ?? 0;
  }

  #tie(at: number): number {
    return this.#ties[at] ?? 0;
  }
}

function isBefore(key: number, tie: number, otherKey: number, otherTie: number): boolean {
  return key < otherKey || (key === otherKey && tie < otherTie);
}
