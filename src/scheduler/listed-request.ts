import type { ListedRequest } from '../contracts/scheduler.ts';
import type { QueuedRequest } from './queued-request.ts';

/** A request as `list` shows it. */
export function listedRequest({
  id,
  state,
  host,
  request,
  retries,
  reason,
  facts = {},
}: QueuedRequest): ListedRequest {
  const { status, code, atMs } = facts;
  return {
    id,
    state,
    host,
    request,
    retries,
    ...(reason !== undefined && { reason }),
    ...(status !== undefined && { status }),
    ...(code !== undefined && { code }),
    ...(atMs !== undefined && { failedAtMs: atMs }),
  };
}
