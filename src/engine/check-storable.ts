import { InvalidRequestError } from '../errors/invalid-request-error.ts';
import { plainFault } from '../values/plain-fault.ts';
import type { Request } from '../values/request.ts';

/**
 * Checks that a request survives being stored: what it carries must be plain data.
 *
 * @throws InvalidRequestError naming the first member that is not.
 */
export function checkStorable(request: Request): void {
  const { cbKwargs, cookies, meta } = request;
  if (cbKwargs !== undefined) check(request, 'cbKwargs', cbKwargs);
  for (const name in meta) check(request, `meta.${name}`, meta[name]);
  if (cookies !== undefined) check(request, 'cookies', cookies);
}

function check({ url }: Request, path: string, value: unknown): void {
  const fault = plainFault(path, value);
  if (fault === undefined) return;
  throw new InvalidRequestError(
    `${url}: ${fault}, and a job stores requests as JSON: give texts, numbers, booleans, null, ` +
      'lists and plain objects of these',
  );
}
