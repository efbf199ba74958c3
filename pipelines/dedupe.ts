import { createHash } from 'node:crypto';
import { drop, type Factory, type ItemPipeline, type ItemRecord, named } from '../src/api.ts';

/** Options of {@link dedupe}. */
export interface DedupeOptions {
  /** Field or fields that tell one item from another. @defaultValue every field of the item */
  readonly by?: string | readonly string[];
  /** Most items remembered; the ones not seen for longest are forgotten. @defaultValue `1000000` */
  readonly maxRemembered?: number;
}

/** Lets each item through once. */
export function dedupe({ by, maxRemembered = 1_000_000 }: DedupeOptions = {}): Factory<ItemPipeline> {
  return named('dedupe', () => {
    const fields = typeof by === 'string' ? [by] : by;
    const seen = new Set<string>();
    return {
      name: 'dedupe',
      processItem(item) {
        const identity = identityOf(item, fields);
        const isKnown = seen.delete(identity);
        seen.add(identity);
        if (seen.size > maxRemembered) forgetOldest(seen);
        return isKnown ? drop('duplicate') : item;
      },
    };
  });
}

function identityOf(item: ItemRecord, fields: readonly string[] | undefined): string {
  const chosen = fields === undefined ? item : fields.map((field) => item[field]);
  const text = JSON.stringify(chosen, inOrder) ?? '';
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

/** Fields in another order are the same item; a bigint is no text. */
function inOrder(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { '\0bigint': String(value) };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function forgetOldest(seen: Set<string>): void {
  for (const oldest of seen) {
    seen.delete(oldest);
    return;
  }
}
