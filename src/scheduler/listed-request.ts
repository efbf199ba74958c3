import type { ListedRequest } from '../contracts/scheduler.ts';
import type { QueuedRequest } from './queued-request.ts';

/** A request as `list` shows it. */
export function listedRequest({
  id,
  state,
  candidate,
  retries,
  reason,
  facts = {},
}: QueuedRequest): ListedRequest {
  const { status, code, atMs } = facts;
  return {
    id,
    state,
    host: candidate.host,
    request: candidate.request,
    retries,
    ...(reason !== undefined && { reason }),
    ...(status !== undefined && { status }),
    ...(code !== undefined && { code }),
    ...(atMs !== undefined && { failedAtMs: atMs }),
  };
}
