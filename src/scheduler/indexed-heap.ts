/** What an `IndexedHeap` holds: it notes its own place, so that it can be moved or taken out in O(log n). */
export interface HeapMember {
  /** Place in the heap; -1 outside. */
  heapIndex: number;
}

/** A binary heap whose members know their place. A member is in one heap at most. */
export class IndexedHeap<Member extends HeapMember> {
  readonly #members: Member[] = [];
  readonly #isBefore: (a: Member, b: Member) => boolean;

  constructor(isBefore: (a: Member, b: Member) => boolean) {
    this.#isBefore = isBefore;
  }

  get size(): number {
    return this.#members.length;
  }

  /** The first member, which stays. */
  peek(): Member | undefined {
    return this.#members[0];
  }

  push(member: Member): void {
    member.heapIndex = this.#members.length;
    this.#members.push(member);
    this.#rise(member);
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
    member.heapIndex = -1;
    if (last === undefined || last === member) return;
    last.heapIndex = at;
    this.#members[at] = last;
    this.#rise(last);
    this.#sink(last);
  }

  /** Every member, in no order. */
  values(): readonly Member[] {
    return this.#members;
  }

  #rise(member: Member): void {
    let at = member.heapIndex;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = this.#members[parentAt];
      if (parent === undefined || !this.#isBefore(member, parent)) break;
      this.#place(parent, at);
      at = parentAt;
    }
    this.#place(member, at);
  }

  #sink(member: Member): void {
    let at = member.heapIndex;
    for (;;) {
      let childAt = at * 2 + 1;
      let child = this.#members[childAt];
      const right = this.#members[childAt + 1];
      if (child !== undefined && right !== undefined && this.#isBefore(right, child)) {
        child = right;
        childAt += 1;
      }
      if (child === undefined || !this.#isBefore(child, member)) break;
      this.#place(child, at);
      at = childAt;
    }
    this.#place(member, at);
  }

  #place(member: Member, at: number): void {
    this.#members[at] = member;
    member.heapIndex = at;
  }
}
