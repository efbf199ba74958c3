import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../scripts/torture.mjs', import.meta.url));
const LIMIT_MS = 240_000;
/** The script cleans up on SIGTERM; a test that hangs must leave no crawl behind. */
const BOUND = { timeout: LIMIT_MS - 10_000, killSignal: 'SIGTERM' } as const;

/** What `npm run torture` prints and ends with. */
async function torture(...words: string[]): Promise<{ readonly code: number; readonly text: string }> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, ...words], BOUND);
    return { code: 0, text: stdout };
  } catch (error) {
    const { code, stdout } = error as { readonly code: number; readonly stdout: string };
    return { code, text: stdout };
  }
}

describe('torture', { timeout: LIMIT_MS }, () => {
  it('finds missing, double and broken records and fetches that were repeated', async () => {
    expect(await torture('--self-test')).toMatchObject({
      code: 0,
      text: expect.not.stringContaining('FAIL'),
    });
  });

  it('loses, doubles and breaks nothing when a job is killed', async () => {
    const { code, text } = await torture('--trials', '1', '--only', 'jsonl', '--seed', 'smoke');
    expect(code, text).toBe(0);
  });
});
