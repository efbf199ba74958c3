import { type Command, Option } from 'commander';
import { collect } from './collect.ts';
import { examples } from './examples.ts';
import type { Terminal } from './terminal.ts';

/** Makes the action of a command out of what it does with its words and options. */
type Does = (
  act: (words: string[], options: never) => Promise<number>,
) => (...given: unknown[]) => Promise<void>;

/** Adds `crawl job` and its commands. None of them runs while the job does, but `list`. */
export function jobCommands(program: Command, terminal: Terminal, does: Does): void {
  const job = program
    .command('job')
    .description('look at jobs (crawl <spider> --job DIR) and change them between two runs')
    .addHelpText('after', examples('job'));
  job
    .command('list')
    .description('name the jobs of a folder and how far they are')
    .argument('[folder]', 'a job, or where jobs are; the current folder and its jobs/ if not given')
    .addHelpText('after', examples('jobList'))
    .action(does(async ([folder]) => (await import('./commands/job/list.ts')).listCommand(terminal, folder)));
  of(job, 'inspect')
    .description('print what is to be known of a job')
    .option('--json', 'print as JSON')
    .addHelpText('after', examples('jobInspect'))
    .action(
      does(async ([folder = ''], options) =>
        (await import('./commands/job/inspect.ts')).inspect(terminal, folder, options),
      ),
    );
  of(job, 'requests')
    .description('print requests of a job')
    .addOption(
      new Option(
        '--state <state>',
        'only those that stand there; `leased`: the last process ended while they were worked on',
      ).choices(['queued', 'delayed', 'leased', 'dead']),
    )
    .option('--host <host>', 'only of this host, as `crawl job inspect` names it')
    .option('--limit <number>', 'at most so many', '100')
    .option('--after <id>', 'only those with a larger id', '0')
    .option('--json', 'one JSON object a line')
    .addHelpText('after', examples('jobRequests'))
    .action(
      does(async ([folder = ''], options) =>
        (await import('./commands/job/requests.ts')).requests(terminal, folder, options),
      ),
    );
  of(job, 'retry-failed')
    .description('queue requests again that were given up')
    .option('--host <host>', 'only of this host')
    .option('--reason <text>', 'only where the reason has this text in it')
    .option('--status <number>', 'only where this was the last status')
    .addHelpText('after', examples('jobRetryFailed'))
    .action(
      does(async ([folder = ''], options) =>
        (await import('./commands/job/retry-failed.ts')).retryFailedCommand(terminal, folder, options),
      ),
    );
  of(job, 'drop-host')
    .description('forget what is queued for a host')
    .argument('<host>', 'name, and port where it is not the usual one')
    .addHelpText('after', examples('jobDropHost'))
    .action(
      does(async ([folder = '', host = '']) =>
        (await import('./commands/job/drop-host.ts')).dropHostCommand(terminal, folder, host),
      ),
    );
  of(job, 'export')
    .description('write all items of a job into files')
    .option('-o, --output <file[:format]>', 'append to a file, `-` prints; repeatable', collect)
    .option('-O, --overwrite <file[:format]>', 'write a file, replacing what is there; repeatable', collect)
    .addHelpText('after', examples('jobExport'))
    .action(
      does(async ([folder = ''], options) =>
        (await import('./commands/job/export.ts')).exportCommand(terminal, folder, options),
      ),
    );
  of(job, 'compact')
    .description('make the files of a job smaller; nothing is lost')
    .addHelpText('after', examples('jobCompact'))
    .action(
      does(async ([folder = '']) => (await import('./commands/job/compact.ts')).compact(terminal, folder)),
    );
  of(job, 'restart-seeds')
    .description('have the next run call start() again and crawl its requests again')
    .addHelpText('after', examples('jobRestartSeeds'))
    .action(
      does(async ([folder = '']) =>
        (await import('./commands/job/restart-seeds.ts')).restartSeedsCommand(terminal, folder),
      ),
    );
  of(job, 'repair')
    .description('save what can be saved of a damaged job, and say what is lost')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', examples('jobRepair'))
    .action(
      does(async ([folder = ''], options) =>
        (await import('./commands/job/repair.ts')).repair(terminal, folder, options),
      ),
    );
}

function of(job: Command, name: string): Command {
  return job.command(name).argument('<dir>', 'folder of the job');
}
