import { answerFault } from './answer-fault.ts';
import { ALIASES, isCommand } from './command-names.ts';
import { ignoreInterrupts } from './interrupts.ts';
import { buildProgram } from './program.ts';
import { route } from './route.ts';
import { processTerminal, type Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** Runs the command line and ends the process with one of `EXIT_CODES`. */
export async function main(argv: readonly string[]): Promise<void> {
  const terminal = processTerminal();
  const code = await runCommandLine(argv, terminal);
  ignoreInterrupts();
  // What a spider left open, such as a database, must not keep the process; what was printed must get out.
  await Promise.all([process.stdout, process.stderr].map(flushed));
  process.exit(code);
}

/** Runs one command and gives its exit code. Never rejects. */
export async function runCommandLine(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const { argv: words, renamed, isShortForm } = route(argv);
    if (renamed !== undefined) {
      terminal.say(`crawl: ${renamed.from} is called "crawl ${renamed.to}" here\n`);
    }
    return await buildProgram(terminal, { isShortForm, argv }).run(helpWords(words));
  } catch (fault) {
    return answerFault(fault, terminal);
  }
}

/**
 * `help new spider` is `new spider --help`: commander knows one word of it only.
 *
 * @throws UsageError where there is no such command.
 */
function helpWords(words: readonly string[]): readonly string[] {
  const [command, ...given] = words;
  const [topic, ...more] = given.filter((word) => !word.startsWith('-'));
  if (command !== 'help') return words;
  if (topic === undefined || topic === 'help') return ['--help'];
  if (isCommand(topic)) return [...(ALIASES.get(topic) ?? [topic]), ...more, '--help'];
  throw new UsageError(`there is no command "${topic}"`, '`crawl --help` names them all.');
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || !stream.writable) resolve();
    else stream.write('', () => resolve());
  });
}
