import { UsageError } from './usage-error.ts';

/** One `NAME=VALUE` of the command line. */
export interface Assignment {
  readonly name: string;
  readonly value: string;
}

const ENVIRONMENT = '@env:';

/**
 * Reads `NAME=VALUE` words. `NAME=@env:VAR` takes the value from the environment, so that secrets stay out of
 * the shell's history and the process list; `NAME=@@…` is a value that begins with one `@`.
 *
 * @throws UsageError when a word has no `=`, no name, or the variable is not set.
 */
export function assignments(
  option: string,
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Assignment[] {
  return words.map((word) => {
    const split = word.indexOf('=');
    if (split < 1) {
      throw new UsageError(
        `${option} ${word}: expected NAME=VALUE`,
        split === 0
          ? 'Put a name before the "=".'
          : `For example ${option} ${word}=1, without blanks around "=".`,
      );
    }
    const name = word.slice(0, split).trim();
    return { name, value: resolved(option, name, word.slice(split + 1), env) };
  });
}

function resolved(
  option: string,
  name: string,
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  if (text.startsWith('@@')) return text.slice(1);
  if (!text.startsWith(ENVIRONMENT)) return text;
  const variable = text.slice(ENVIRONMENT.length);
  const value = env[variable];
  if (value !== undefined) return value;
  throw new UsageError(
    `${option} ${name}: the environment has no variable ${variable}`,
    `Set it first: export ${variable}=…`,
  );
}
