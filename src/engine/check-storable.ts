import { InvalidRequestError } from '../errors/invalid-request-error.ts';
import type { Request } from '../values/request.ts';

/** Deeper data is taken for a cycle. */
const DEEPEST = 100;

/**
 * Checks that a request survives being stored: what it carries must be plain data.
 *
 * @throws InvalidRequestError naming the first member that is not.
 */
export function checkStorable(request: Request): void {
  if (request.cbKwargs !== undefined) checkPlain(request, 'cbKwargs', request.cbKwargs, 0);
  for (const name in request.meta)
    checkPlain(request, `meta.${name}`, request.meta[name as keyof typeof request.meta], 0);
  if (request.cookies !== undefined) checkPlain(request, 'cookies', request.cookies, 0);
}

function checkPlain(request: Request, path: string, value: unknown, depth: number): void {
  if (depth > DEEPEST) throw unfit(request, path, 'contains itself or is nested too deep');
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return;
    case 'number':
      if (Number.isFinite(value)) return;
      throw unfit(request, path, `is ${value}`);
    case 'object':
      if (value !== null) checkMembers(request, path, value, depth);
      return;
    default:
      throw unfit(request, path, `is a ${typeof value}`);
  }
}

function checkMembers(request: Request, path: string, value: object, depth: number): void {
  if (Array.isArray(value)) {
    for (const [at, member] of value.entries()) checkPlain(request, `${path}[${at}]`, member, depth + 1);
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null && !isPlainOfOtherRealm(value))
    throw unfit(request, path, `is a ${value.constructor?.name || 'class instance'}`);
  for (const [name, member] of Object.entries(value))
    checkPlain(request, `${path}.${name}`, member, depth + 1);
}

/** An object literal of another copy of the language's own objects (`node:vm`, test runners). */
function isPlainOfOtherRealm(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return typeof prototype === 'object' && prototype !== null && Object.getPrototypeOf(prototype) === null;
}

function unfit(request: Request, path: string, what: string): InvalidRequestError {
  return new InvalidRequestError(
    `${request.url}: ${path} ${what}, and a job stores requests as JSON: give texts, numbers, booleans, null, ` +
      'lists and plain objects of these',
  );
}
