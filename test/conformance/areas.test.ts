import { existsSync } from 'node:fs';
import { describe, it } from 'vitest';
import { areas } from './load.ts';

describe('conformance areas without an adapter', () => {
  const open = areas().filter((area) => !existsSync(new URL(`${area}.test.ts`, import.meta.url)));
  for (const area of open) it.todo(area);
  it.skipIf(open.length > 0)('are none', () => {});
});
