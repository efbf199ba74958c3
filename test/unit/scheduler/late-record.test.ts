import { describe, expect, it } from 'vitest';
import { LateRecord } from '../../../src/scheduler/late-record.ts';
import { newRequest, type QueuedRequest } from '../../../src/scheduler/queued-request.ts';
import { candidate } from '../../contract/scheduler.ts';

function queued(): QueuedRequest & { record: LateRecord } {
  const one = candidate('http://a.test/');
  const entry = newRequest(one, 1, one.host, one.origin);
  const made = entry as QueuedRequest & { record: LateRecord };
  made.record = new LateRecord(made);
  return made;
}

describe('LateRecord', () => {
  it('says what the request is when its batch is written', () => {
    const entry = queued();
    expect(JSON.parse(entry.record.take())).toMatchObject({ i: 1, u: 'http://a.test/' });
  });

  it('says nothing of what happens to a request after it was lent', () => {
    const entry = queued();
    const { record } = entry;
    record.fix();
    entry.retries = 5;
    expect(JSON.parse(record.take())).not.toHaveProperty('t');
  });

  it('leaves the request alone once it is written, but not a later record of it', () => {
    const entry = queued();
    const first = entry.record;
    const second = new LateRecord(entry);
    entry.record = second;
    first.take();
    expect(entry.record).toBe(second);
    second.take();
    expect(entry.record).toBeUndefined();
  });
});
