import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const folder = process.env.CONFORMANCE_DIR ?? fileURLToPath(new URL('../shared/conformance', root));

/** One fact: an input and what respected tools or standards give for it. */
export interface Case<In = Record<string, never>, Out = unknown> {
  readonly id: string;
  readonly tags: readonly string[];
  readonly in: In;
  readonly out: Out;
  readonly alt?: readonly Out[];
}

interface Area<In, Out> {
  readonly area: string;
  readonly documents?: Readonly<Record<string, string>>;
  readonly cases: readonly Case<In, Out>[];
}

/** What a case counts as in the report. */
export type Verdict = 'pass' | 'passAlt' | 'deviate' | 'fail' | 'error';

declare module 'vitest' {
  interface TaskMeta {
    /** The area of a conformance case; `report.ts` counts by it. */
    area?: string;
    verdict?: Verdict;
  }
}

const deviations: Record<string, Record<string, string>> = JSON.parse(
  readFileSync(new URL('test/conformance/deviations.json', root), 'utf8'),
);

/** The areas in the folder, by name. */
export function areas(): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length));
}

/**
 * Defines one test a case. `actual` turns the case's input into the project's answer; `same` compares it
 * with a wanted answer where plain equality is not the rule of the area.
 */
export function cases<In, Out = unknown>(
  area: string,
  actual: (input: In, documents: Readonly<Record<string, string>>) => unknown,
  same: (result: unknown, wanted: Out, input: In) => boolean = (result, wanted) => equal(result, wanted),
): void {
  const file = `${folder}/${area}.json`;
  if (!existsSync(file)) {
    console.warn(`conformance: ${area} skipped, ${file} is not there (set CONFORMANCE_DIR)`);
    describe.skip(area, () => it('has no cases here', () => {}));
    return;
  }
  const { cases: all, documents = {} } = JSON.parse(readFileSync(file, 'utf8')) as Area<In, Out>;
  describe(area, () => {
    for (const one of all) {
      it(one.id, async ({ task: { meta } }) => {
        meta.area = area;
        meta.verdict = 'error';
        const result = await actual(one.in, documents);
        meta.verdict = judge(one, (wanted) => same(result, wanted, one.in));
        if (meta.verdict !== 'fail') return;
        expect(result).toEqual(one.out);
        throw new Error(`${one.id}: not the wanted answer`);
      });
    }
  });

  function judge(one: Case<In, Out>, passes: (wanted: Out) => boolean): Verdict {
    if (passes(one.out)) return 'pass';
    if (one.alt?.some(passes)) return 'passAlt';
    return one.tags.some((tag) => deviations[area]?.[tag] !== undefined) ? 'deviate' : 'fail';
  }
}

function equal(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a === b || Math.abs(a - b) <= 1e-9;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, at) => equal(value, b[at]));
  }
  if (isRecord(a) && isRecord(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => key in b && equal(a[key], b[key]));
  }
  return isDeepStrictEqual(a, b);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
