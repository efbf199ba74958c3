import { keyAfter } from './number-key.ts';

/** Sorted records that are read in ranges: a journal, or a store. */
interface Ranged<Entry extends { readonly key: string }> {
  range(
    from: string,
    to: string,
    options: { readonly limit: number; readonly mostBytes: number },
  ): Promise<readonly Entry[]>;
}

/** Which records are walked over. */
export interface WalkOptions {
  /** Only those from this key on. */
  readonly from?: string;
  /** Most records of one read: what is done with them goes on without a pause. @defaultValue `1000` */
  readonly limit?: number;
}

const RECORDS_A_READ = 1000;
/** Records may be large: that many of them at once would fill the memory. */
const BYTES_A_READ = 4 * 1024 * 1024;

/**
 * All records whose keys begin with a prefix, in their order, as many at a time as one read brings: to wait for
 * each would cost more than to read it.
 */
export async function* walkPages<Entry extends { readonly key: string }>(
  records: Ranged<Entry>,
  prefix: string,
  { from = prefix, limit = RECORDS_A_READ }: WalkOptions = {},
): AsyncGenerator<readonly Entry[], void, undefined> {
  for (let next = from; ; ) {
    const page = await records.range(next, keyAfter(prefix), { limit, mostBytes: BYTES_A_READ });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    next = `${last.key}\0`;
  }
}

/** As `walkPages`, one by one. */
export async function* walkRecords<Entry extends { readonly key: string }>(
  records: Ranged<Entry>,
  prefix: string,
  options?: WalkOptions,
): AsyncGenerator<Entry, void, undefined> {
  for await (const page of walkPages(records, prefix, options)) yield* page;
}
