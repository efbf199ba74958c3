import type { Command } from 'commander';

/** A command as the reference shows it. */
export interface CommandDescription {
  /** Its words, such as `crawl job list`. */
  readonly words: string;
  readonly usage: string;
  readonly description: string;
  readonly arguments: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly { readonly flags: string; readonly description: string }[];
  readonly commands: readonly CommandDescription[];
}

/** All that commander knows of a command and those below it; `before`: the words it is called by. */
export function describeCommand(command: Command, before: readonly string[] = []): CommandDescription {
  const words = [...before, command.name()];
  return {
    words: words.join(' '),
    usage: command.usage(),
    description: command.description(),
    arguments: command.registeredArguments.map((argument) => ({
      name: argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
      description: argument.description,
    })),
    options: command.options.map(({ flags, description, defaultValue }) => ({
      flags,
      description:
        typeof defaultValue === 'string' && defaultValue !== ''
          ? `${description} (${defaultValue})`
          : description,
    })),
    commands: command.commands.map((one) => describeCommand(one, words)),
  };
}
