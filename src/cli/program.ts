import { Command, CommanderError, Option } from 'commander';
import { nearest } from '../values/nearest.ts';
import { collect } from './collect.ts';
import { COMMANDS } from './command-names.ts';
import { type CommandDescription, describeCommand } from './describe-command.ts';
import { examples } from './examples.ts';
import { EXIT_CODES, EXIT_CODES_HELP } from './exit-codes.ts';
import { jobCommands } from './job-commands.ts';
import { insteadOfOption } from './scrapy-options.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** A command line that can be run once. */
export interface Program {
  /** Runs a routed command line and gives its exit code. @throws UsageError on a wrong one. */
  run(argv: readonly string[]): Promise<number>;
  /** Every command with its words and options. */
  describe(): CommandDescription;
}

/** What a command is given besides its own words. */
export interface ProgramOptions {
  /** The spider stands where a command would: an unknown one may have been meant as a command. */
  readonly isShortForm: boolean;
  /** Words of the command line, as they were typed. */
  readonly argv: readonly string[];
}

/** Every command with its options. What a command does is loaded when it runs. */
export function buildProgram(terminal: Terminal, { isShortForm, argv }: ProgramOptions): Program {
  let exitCode: number = EXIT_CODES.ok;
  /** Runs a command's module with its words and options, the last argument of an action being the command itself. */
  const does =
    (act: (words: string[], options: never) => Promise<number>) =>
    async (...given: unknown[]): Promise<void> => {
      exitCode = await act(given.slice(0, -2) as string[], given.at(-2) as never);
    };

  let help = '';
  const program = new Command('crawl')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        help += text;
      },
      writeErr: () => {},
    })
    .usage('<spider> [options]   or   crawl <command> [options]')
    .description('Crawls web sites with spiders written in TypeScript or JavaScript.')
    .helpCommand('help [command]', 'show the help of a command')
    .helpOption('-h, --help', 'show this help')
    .option('-V, --version', 'print the version')
    .showSuggestionAfterError(true)
    .addHelpText('after', `${examples('crawl')}\n\n${SETTINGS_HELP}\n\n${EXIT_CODES_HELP}`)
    .action(
      does(async (_words, { version }: { version?: true }) => {
        if (version) return (await import('./commands/version.ts')).version(terminal, {});
        program.outputHelp();
        return EXIT_CODES.ok;
      }),
    );

  program.commandsGroup('Crawling:');
  crawlOptions(program.command('run'))
    .usage('<spider> [options]')
    .description('run a spider by its name, or a file: crawl run ./books.ts')
    .argument('<spider>', 'name of a spider (`crawl list`), `file#Export`, or the path of a file')
    .addHelpText('after', `${examples('run')}\n\n${EXIT_CODES_HELP}`)
    .action(
      does(async ([spider = ''], options) =>
        (await import('./commands/run.ts')).run(terminal, spider, {
          ...(options as object),
          isShortForm,
          argv,
        }),
      ),
    );
  keepOptions(outputOptions(siteOptions(program.command('site'))))
    .description('crawl a whole site without a spider: url, title and Markdown of every page')
    .argument('<url>', 'where to begin; https:// may be left out')
    .addHelpText('after', `${examples('site')}\n\n${PATTERNS_HELP}`)
    .option(
      '--select <name=css>',
      'a field instead of title and content; NAME[]=CSS takes all that is found; repeatable',
      collect,
    )
    .option('--sitemaps', 'read the sitemaps of the site, too')
    .action(
      does(async ([url = ''], options) =>
        (await import('./commands/site.ts')).site(terminal, url, { ...(options as object), argv }),
      ),
    );
  sharedOptions(outputOptions(siteOptions(program.command('map'))))
    .description('print every address of a site: from its sitemaps and links')
    .argument('<url>', 'where to begin; https:// may be left out')
    .addHelpText('after', `${examples('map')}\n\n${PATTERNS_HELP}`)
    .option('--json', 'print JSON objects with where each was found')
    .option('--no-sitemaps', 'follow links only')
    .option('-q, --quiet', QUIET)
    .action(
      does(async ([url = ''], options) => (await import('./commands/map.ts')).map(terminal, url, options)),
    );
  program
    .command('list')
    .description('name the spiders of the project')
    .option('-l, --long', 'load them: also show files, arguments and what is wrong with them')
    .option('--url <url>', 'load them: name those whose allowedDomains hold this address')
    .addHelpText('after', examples('list'))
    .action(does(async (_words, options) => (await import('./commands/list.ts')).list(terminal, options)));

  program.commandsGroup('Starting:');
  program
    .command('init')
    .description('make a project: configuration, an example spider, types for the editor')
    .argument('[folder]', 'where; the current folder if not given')
    .argument('[place]', 'where, with the first word as its name (as `scrapy startproject` has it)')
    .addHelpText('after', examples('init'))
    .action(
      does(async ([folder, place]) =>
        (await import('./commands/init.ts')).init(terminal, place ?? folder ?? '.', place && folder),
      ),
    );
  const create = program.command('new').description('add a spider to the project: crawl new spider books');
  create
    .command('spider')
    .description('write spiders/<name>.ts from a template')
    .argument('<name>', 'name of the spider and its file')
    .argument('[url]', 'where it starts')
    .option('-t, --template <name>', 'basic, api, crawl, sitemap, xmlfeed or csvfeed', 'basic')
    .addHelpText('after', examples('newSpider'))
    .action(
      does(async ([name = '', url], options) =>
        (await import('./commands/new-spider.ts')).newSpider(terminal, name, url, options),
      ),
    );

  program
    .command('edit')
    .description('open a spider in $VISUAL or $EDITOR')
    .argument('<spider>', 'name of a spider, or a file')
    .addHelpText('after', examples('edit'))
    .action(does(async ([name = '']) => (await import('./commands/edit.ts')).edit(terminal, name)));

  program.commandsGroup('Looking at pages:');
  sharedOptions(program.command('fetch'))
    .description('print a page as the crawler gets it')
    .argument('<url>', 'address of the page; https:// may be left out')
    .addHelpText('after', examples('fetch'))
    .option('--headers', 'print the headers that were sent and received instead')
    .option('--markdown', 'print the main content as Markdown instead')
    .option('--json', 'print what is to be known of the page as JSON instead')
    .option('--links', 'print the links of the page instead, one a line')
    .option('--no-redirect', 'do not follow redirects')
    .option('--spider <spider>', 'with the settings of this spider')
    .action(
      does(async ([url = ''], options) =>
        (await import('./commands/fetch.ts')).fetch(terminal, url, options),
      ),
    );
  sharedOptions(program.command('parse'))
    .description('print what a spider makes of one page: items and requests as JSON')
    .argument('<url>', 'address of the page; https:// may be left out')
    .addHelpText('after', examples('parse'))
    .option('--spider <spider>', 'name or file of the spider; else the one whose allowedDomains fit')
    .option('-c, --callback <method>', 'method of the spider for the page', 'parse')
    .option('-r, --rules', 'the callback that the rules of a CrawlSpider choose for the page')
    .addOption(argumentOption())
    .option('-d, --depth <levels>', 'follow requests that many levels', '1')
    .option('-m, --meta <json>', 'meta of the request')
    .option('--cb-kwargs <json>', 'second argument of the callback')
    .option('--pipelines', 'send items through the pipelines')
    .option('-o, --output <file>', 'write the JSON to a file instead')
    .option('--noitems', 'leave items out')
    .option('--nolinks', 'leave requests out')
    .action(
      does(async ([url = ''], options) =>
        (await import('./commands/parse.ts')).parse(terminal, url, options),
      ),
    );
  sharedOptions(program.command('view'))
    .description('show a page in the browser as the crawler gets it')
    .argument('<url>', 'address of the page; https:// may be left out')
    .addHelpText('after', examples('view'))
    .option('--no-open', 'only print the path of the file')
    .option('--no-redirect', 'do not follow redirects')
    .option('--spider <spider>', 'with the settings of this spider')
    .action(
      does(async ([url = ''], options) => (await import('./commands/view.ts')).view(terminal, url, options)),
    );
  sharedOptions(program.command('check'))
    .description('ask the sites whether the contracts of spiders are kept')
    .argument('[spider]', 'name or file of a spider; all of the project if not given')
    .addHelpText('after', examples('check'))
    .option('-l, --list', 'only name the methods that have contracts')
    .option('-v, --verbose', 'print what the callbacks gave')
    .addOption(argumentOption())
    .action(
      does(async ([spider], options) =>
        (await import('./commands/check.ts')).check(terminal, spider, options),
      ),
    );
  sharedOptions(program.command('shell'))
    .description('try selectors on a page: response, css(), xpath(), fetch(), view()')
    .argument('[url]', 'page or file to begin with')
    .addHelpText('after', examples('shell'))
    .option('-c, --code <code>', 'run this, print its value and end')
    .option('--no-redirect', 'do not follow redirects')
    .option('--spider <spider>', 'with the settings of this spider')
    .action(
      does(async ([url], options) => (await import('./commands/shell.ts')).shell(terminal, url, options)),
    );

  program.commandsGroup('Jobs on disk:');
  jobCommands(program, terminal, does);

  program.commandsGroup('About this installation:');
  sharedOptions(program.command('settings'))
    .description('print every setting, its value and where it comes from')
    .addHelpText('after', examples('settings'))
    .option('--get <name>', 'print the value of one')
    .option('--spider <spider>', 'as this spider gets them')
    .option('--json', 'print as JSON')
    .action(
      does(async (_words, options) => (await import('./commands/settings.ts')).settings(terminal, options)),
    );
  program
    .command('doctor')
    .description('look for what is wrong with machine, installation and project')
    .addHelpText('after', examples('doctor'))
    .action(does(async () => (await import('./commands/doctor.ts')).doctor(terminal)));
  program
    .command('bench')
    .description('measure how fast this machine crawls, on a site of its own')
    .addHelpText('after', examples('bench'))
    .option('-t, --time <seconds>', 'how long, at most 600', '10')
    .action(does(async (_words, options) => (await import('./commands/bench.ts')).bench(terminal, options)));
  program
    .command('sandbox')
    .description('serve a practice shop on this machine')
    .addHelpText('after', examples('sandbox'))
    .option('-p, --port <number>', 'port', '8000')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .action(
      does(async (_words, options) => (await import('./commands/sandbox.ts')).sandbox(terminal, options)),
    );
  program
    .command('version')
    .description('print the version')
    .option('-v, --verbose', 'with Node, platform and the project')
    .action(
      does(async (_words, options) => (await import('./commands/version.ts')).version(terminal, options)),
    );

  return {
    describe: () => describeCommand(program),
    async run(argv) {
      try {
        await program.parseAsync([...argv], { from: 'user' });
      } catch (fault) {
        if (!(fault instanceof CommanderError)) throw fault;
        if (fault.code === 'commander.help' && help === '') throw unfinished(argv);
        if (!HELP_CODES.has(fault.code)) throw usageError(fault, argv);
      }
      if (help !== '') await terminal.write(help);
      return exitCode;
    },
  };
}

const HELP_CODES = new Set(['commander.help', 'commander.helpDisplayed']);

const SETTINGS_HELP = 'Settings are given by -s NAME=VALUE; `crawl settings` names them all.';

function sharedOptions(command: Command): Command {
  return command
    .option('-s, --set <name=value>', 'set a setting (`crawl settings` names them); repeatable', collect)
    .option('-L, --log-level <level>', 'debug, info, warn, error or silent')
    .option('--log-file <file>', 'append log lines to a file')
    .option('--json-logs', 'log lines as JSON objects');
}

const PATTERNS_HELP =
  'Patterns: * stands for any text; /docs/* must fit the whole path, /docs/ may stand anywhere in the address.';

const QUIET = 'no status line, no summary, only warnings and errors';

/** What of a site is wanted. */
function siteOptions(command: Command): Command {
  return command
    .option('--depth <levels>', 'fetch no page more links away from the first one')
    .option('--limit <number>', 'end after so many')
    .option(
      '--scope <scope>',
      'host, domain (with its other hosts) or path (below the folder of the address)',
      'host',
    )
    .option(
      '--include <pattern>',
      'only addresses that fit; links are followed over others, too; repeatable',
      collect,
    )
    .option('--exclude <pattern>', 'neither take nor fetch addresses that fit; repeatable', collect);
}

function crawlOptions(command: Command): Command {
  outputOptions(command)
    .addOption(argumentOption())
    .option('--seeds <file>', 'start from the URLs of a file, one a line, `-` reads standard input');
  return keepOptions(command);
}

function outputOptions(command: Command): Command {
  return command
    .option(
      '-o, --output <file[:format]>',
      'append items to a file, `-` prints them, FILE.warc.gz archives the pages; repeatable',
      collect,
    )
    .option(
      '-O, --overwrite <file[:format]>',
      'write items to a file, replacing what is there; repeatable',
      collect,
    );
}

/** What is kept of a crawl, and how it ends. */
function keepOptions(command: Command): Command {
  command
    .option('--job <folder>', 'keep the crawl in a folder: the same command goes on after any end')
    .option('--job-change', 'go on with a job of another spider or with other arguments')
    .option(
      '--replay <folder>',
      'keep every answer in a folder, later runs take them from there; or answer from a .warc file',
    )
    .option('--incremental <folder>', 'remember pages in a folder; later runs ask for changes only');
  command.option(
    '--fail-on <condition>',
    'exit with 3 if it is so at the end: errors>1% of the pages, items<100; repeatable',
    collect,
  );
  return sharedOptions(command).option('-q, --quiet', QUIET);
}

function argumentOption(): Option {
  return new Option(
    '-a, --argument <name=value>',
    'argument of the spider; `NAME=@env:VAR` reads the environment; repeatable',
  ).argParser(collect);
}

/** A command whose own command is missing: commander shows its help as an error. */
function unfinished([command]: readonly string[]): UsageError {
  return new UsageError(
    `"crawl ${command}" is only half of a command`,
    `\`crawl ${command} --help\` shows how it goes on.`,
  );
}

/** commander's words, cut into a sentence and a hint. */
function usageError({ code, message }: CommanderError, argv: readonly string[]): UsageError {
  const [command, word = ''] = argv;
  const meant = code === 'commander.excessArguments' && command === 'run' ? nearest(word, COMMANDS) : [];
  if (meant.length > 0) {
    const commands = meant.map((one) => `\`crawl ${one}\``).join(' or ');
    return new UsageError(`there is no command "${word}"`, `Did you mean ${commands}?`);
  }
  const behindJob = argv[argv.indexOf('--job') + 1] ?? '';
  if (code === 'commander.excessArguments' && argv.includes('--job') && behindJob.startsWith('-'))
    return new UsageError('--job needs a folder', `Name it: --job DIR ${behindJob} …`);
  const option = code === 'commander.unknownOption' ? /'(-[^']+)'/.exec(message)?.[1] : undefined;
  const instead = option === undefined ? undefined : insteadOfOption(option);
  if (instead !== undefined) return new UsageError(`${option} is an option of Scrapy's`, instead);
  const [problem = '', suggestion] = message.replace(/^error: /, '').split('\n');
  const isHalf = (command === 'job' || command === 'new') && code !== 'commander.unknownCommand';
  const named = isHalf ? [command, word] : [command];
  const shown = named.map((one) => (one === undefined || !/^\w/.test(one) ? '' : ` ${one}`)).join('');
  const help = `\`crawl${shown} --help\` shows how it is used.`;
  return new UsageError(
    problem,
    suggestion === undefined ? help : `${suggestion.replace(/^\(|\)$/g, '')} ${help}`,
  );
}
