interface Kinds {
  readonly string: string;
  readonly number: number;
  readonly boolean: boolean;
}

/** One part of the state that an exporter kept. @throws Error where it is another format's. */
export function stateOf<Kind extends keyof Kinds>(state: unknown, name: string, kind: Kind): Kinds[Kind] {
  const value: unknown =
    typeof state === 'object' && state !== null && Object.hasOwn(state, name)
      ? Reflect.get(state, name)
      : undefined;
  if (isOf(value, kind)) return value;
  throw new Error('what was kept of it belongs to another format or version');
}

function isOf<Kind extends keyof Kinds>(value: unknown, kind: Kind): value is Kinds[Kind] {
  return typeof value === kind;
}
