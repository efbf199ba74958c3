import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase } from 'vitest/node';
import type {} from './load.ts';

interface AreaReport {
  pass: number;
  passAlt: number;
  deviate: number;
  readonly fail: string[];
  readonly error: string[];
}

/** Writes how the conformance cases of a run came out, by area, to the file that `CONFORMANCE_REPORT` names. */
export default class ConformanceReport implements Reporter {
  readonly #areas: Record<string, AreaReport> = {};

  onTestCaseResult(test: TestCase): void {
    const { area, verdict } = test.meta();
    if (area === undefined || verdict === undefined) return;
    this.#areas[area] ??= { pass: 0, passAlt: 0, deviate: 0, fail: [], error: [] };
    if (verdict === 'fail' || verdict === 'error') this.#areas[area][verdict].push(test.name);
    else this.#areas[area][verdict] += 1;
  }

  onTestRunEnd(): void {
    const file = process.env.CONFORMANCE_REPORT;
    if (file) writeFileSync(file, `${JSON.stringify(this.#areas, undefined, 2)}\n`);
  }
}
