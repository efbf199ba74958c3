/** Deeper data is taken for a cycle. */
const DEEPEST = 100;

/** Objects that are stored in a form of their own. */
type HasOwnForm = (value: object) => boolean;

/**
 * What of a value would not be the same after it was stored as JSON, with its path: `meta.seen is a Set`. Undefined:
 * it is plain data.
 *
 * @param hasOwnForm - says which objects need not be plain. @defaultValue none
 */
export function plainFault(path: string, value: unknown, hasOwnForm?: HasOwnForm): string | undefined {
  return faultAt(path, value, 0, hasOwnForm);
}

function faultAt(path: string, value: unknown, depth: number, hasOwnForm?: HasOwnForm): string | undefined {
  if (depth > DEEPEST) return `${path} contains itself or is nested too deep`;
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : `${path} is ${value}`;
    case 'object':
      return value === null || hasOwnForm?.(value) === true
        ? undefined
        : memberFault(path, value, depth, hasOwnForm);
    default:
      return `${path} is a ${typeof value}`;
  }
}

function memberFault(
  path: string,
  value: object,
  depth: number,
  hasOwnForm?: HasOwnForm,
): string | undefined {
  if (Array.isArray(value)) {
    for (const [at, member] of value.entries()) {
      const fault = faultAt(`${path}[${at}]`, member, depth + 1, hasOwnForm);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null && !isPlainOfOtherRealm(value))
    return `${path} is a ${value.constructor?.name || 'class instance'}`;
  for (const [name, member] of Object.entries(value)) {
    const fault = faultAt(`${path}.${name}`, member, depth + 1, hasOwnForm);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** An object literal of another copy of the language's own objects (`node:vm`, test runners). */
function isPlainOfOtherRealm(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return typeof prototype === 'object' && prototype !== null && Object.getPrototypeOf(prototype) === null;
}
