import { answerFault } from './answer-fault.ts';
import { isCommand } from './command-names.ts';
import { buildProgram } from './program.ts';
import { route } from './route.ts';
import { processTerminal, type Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** Runs the command line and ends the process with one of `EXIT_CODES`. */
export async function main(argv: readonly string[]): Promise<void> {
  const terminal = processTerminal();
  const code = await runCommandLine(argv, terminal);
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
    checkHelp(words);
    return await buildProgram(terminal, { isShortForm }).run(words);
  } catch (fault) {
    return answerFault(fault, terminal);
  }
}

/** commander shows nothing for help on a command that there is none of. */
function checkHelp([command, topic]: readonly string[]): void {
  if (command !== 'help' || topic === undefined || isCommand(topic)) return;
  throw new UsageError(`there is no command "${topic}"`, '`crawl --help` names them all.');
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || !stream.writable) resolve();
    else stream.write('', () => resolve());
  });
}
