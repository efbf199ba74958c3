import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { ArgumentSchema, ArgumentSpec } from '../contracts/spider.ts';
import { SettingsError } from '../errors/settings-error.ts';
import { isSecretName } from '../logging/mask-secrets.ts';
import {
  boolean,
  choice,
  type Fault,
  list,
  number,
  type SettingType,
  shown,
  text,
} from '../settings/setting-type.ts';
import { nearest } from '../values/nearest.ts';

/** Spider arguments by name. */
type Arguments = Readonly<Record<string, unknown>>;

const TYPES: Readonly<Record<NonNullable<ArgumentSpec['type']>, SettingType>> = {
  string: text(),
  number: number(),
  boolean,
  list: list(text()),
};

/**
 * The arguments of a spider as its declaration wants them: texts read by type, defaults filled in. Without a
 * declaration they pass as they are.
 *
 * @throws SettingsError on an unknown argument, a wrong value, or missing ones, all of which it names.
 */
export async function checkArguments(
  declared: ArgumentSchema | undefined,
  given: Arguments,
  spiderName: string,
): Promise<Arguments> {
  if (declared === undefined) return Object.freeze({ ...given });
  if ('~standard' in declared)
    return checkBySchema(declared as StandardSchemaV1<unknown, Arguments>, given, spiderName);
  return Object.freeze(checkByTable(declared as Readonly<Record<string, ArgumentSpec>>, given, spiderName));
}

/** The names of arguments that are declared secret, or that are named like secrets and not declared otherwise. */
export function secretArgumentNames(declared: ArgumentSchema | undefined, args: Arguments): readonly string[] {
  const isTable = declared !== undefined && !('~standard' in declared);
  const specs = new Map(Object.entries((isTable ? declared : {}) as Readonly<Record<string, ArgumentSpec>>));
  return Object.keys(args).filter((name) => specs.get(name)?.secret ?? isSecretName(name));
}

/** The values of those arguments. */
export function secretArguments(declared: ArgumentSchema | undefined, args: Arguments): readonly string[] {
  return secretArgumentNames(declared, args)
    .flatMap((name) => args[name])
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .map(String);
}

function checkByTable(
  table: Readonly<Record<string, ArgumentSpec>>,
  given: Arguments,
  spiderName: string,
): Arguments {
  const names = Object.keys(table);
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) throw new SettingsError(unknownArgument(name, names, spiderName));
  }
  const missing: string[] = [];
  const values: [string, unknown][] = [];
  for (const [name, spec] of Object.entries(table)) {
    const value = (Object.hasOwn(given, name) ? given[name] : undefined) ?? spec.default;
    if (value !== undefined) values.push([name, checked(name, value, spec, spiderName)]);
    else if (!spec.optional) missing.push(spec.description ? `${name} (${spec.description})` : name);
  }
  if (missing.length > 0) {
    throw new SettingsError(
      `spider ${spiderName} needs ${missing.join(', ')}: give ${missing.length === 1 ? 'it' : 'them'} with -a name=value`,
    );
  }
  return Object.fromEntries(values);
}

function checked(name: string, given: unknown, spec: ArgumentSpec, spiderName: string): unknown {
  const type = TYPES[spec.type ?? 'string'];
  const value = typeof given === 'string' ? read(type, given) : given;
  const fault = type.fault(value) ?? choiceFault(value, spec);
  if (fault === undefined) return value;
  const got = (spec.secret ?? isSecretName(name)) ? 'something else' : shown(given);
  throw new SettingsError(`spider ${spiderName}: argument ${name} must be ${fault.expected}, got ${got}`);
}

/** A text that begins like JSON and is none is given back, so that it is refused like any wrong value. */
function read(type: SettingType, given: string): unknown {
  try {
    return type.read(given);
  } catch {
    return given;
  }
}

function choiceFault(value: unknown, { choices }: ArgumentSpec): Fault | undefined {
  if (choices === undefined) return undefined;
  const allowed = choice(...choices.map(String));
  return [value]
    .flat()
    .map((one) => allowed.fault(String(one)))
    .find((fault) => fault !== undefined);
}

function unknownArgument(name: string, names: readonly string[], spiderName: string): string {
  const near = nearest(name, names);
  const hint =
    near.length > 0 ? `did you mean ${near.join(' or ')}?` : `it takes ${names.join(', ') || 'none'}`;
  return `spider ${spiderName} has no argument ${name}: ${hint}`;
}

async function checkBySchema(
  schema: StandardSchemaV1<unknown, Arguments>,
  given: Arguments,
  spiderName: string,
): Promise<Arguments> {
  const result = await schema['~standard'].validate(given);
  if (result.issues === undefined) return result.value;
  const problems = result.issues.map(({ path = [], message }) => {
    const place = path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
    return place === '' ? message : `${place}: ${message}`;
  });
  throw new SettingsError(
    `spider ${spiderName}: arguments are not as it declares them: ${problems.join('; ')}`,
  );
}
