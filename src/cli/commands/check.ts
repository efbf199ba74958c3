import { relative } from 'node:path';
import type { LoadedSpider } from '../../crawler/load-spider.ts';
import type { ContractReport } from '../../testing/check-contracts.ts';
import { toPlainRecord } from '../../values/plain-value.ts';
import { printable } from '../../values/printable.ts';
import { describeFault } from '../answer-fault.ts';
import { assignments } from '../assignments.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { type SharedOptions, settingsLayers } from '../settings-layers.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { Workspace } from '../workspace.ts';

/** Options of `crawl check`. */
export interface CheckOptions extends SharedOptions {
  readonly list?: true;
  readonly verbose?: true;
  readonly argument?: readonly string[];
}

/** The variable that spiders and components see while contracts are checked. */
const CHECK_FLAG = 'ORBWEAVER_CHECK';

const HOW_TO = 'Write `static contracts = { parse: { url: …, scrapes: […] } }` in the class of a spider.';

/** Fetches the pages of spiders' contracts and tells which are kept. */
export async function check(
  terminal: Terminal,
  reference: string | undefined,
  options: CheckOptions,
): Promise<number> {
  const before = process.env[CHECK_FLAG];
  process.env[CHECK_FLAG] = 'true';
  try {
    return await checkAll(terminal, reference, options);
  } finally {
    if (before === undefined) delete process.env[CHECK_FLAG];
    else process.env[CHECK_FLAG] = before;
  }
}

async function checkAll(
  terminal: Terminal,
  reference: string | undefined,
  options: CheckOptions,
): Promise<number> {
  const workspace = Workspace.for(terminal.cwd, reference);
  const { spiders, problems } = await spidersToCheck(workspace, reference);
  const { checkContracts, contractsOf } = await import('../../testing/check-contracts.ts');
  const bound = spiders.filter(({ spider }) => contractsOf(spider).length > 0);
  if (reference !== undefined && bound.length === 0) {
    throw new UsageError(`spider ${reference} has no contracts`, HOW_TO);
  }
  for (const problem of problems) terminal.say(`${terminal.colors.red('crawl:')} ${printable(problem)}\n`);
  if (bound.length === 0) terminal.say(`no spider has contracts\n  ${HOW_TO}\n`);
  if (options.list) {
    for (const { name, spider } of bound) {
      const methods = [...new Set(contractsOf(spider).map(({ method }) => method))];
      await terminal.write(`${name}\n${methods.map((method) => `  ${method}\n`).join('')}`);
    }
    return problems.length > 0 ? EXIT_CODES.failed : EXIT_CODES.ok;
  }
  const settings = await settingsLayers(terminal, workspace, options, { logLevel: 'silent' });
  const tally = { kept: 0, broken: 0 };
  for (const loaded of bound) {
    const given = assignments('-a', options.argument ?? [], terminal.env);
    const args = Object.fromEntries(given.map(({ name, value }) => [name, value]));
    const reports = await checkContracts(loaded.spider, { name: loaded.name, args, ...settings });
    await terminal.write(`${loaded.name}\n${reports.map((one) => reportLines(one, options)).join('')}`);
    for (const { problems: broken } of reports) tally[broken.length === 0 ? 'kept' : 'broken'] += 1;
  }
  if (bound.length > 0) {
    const counted = tally.kept + tally.broken;
    await terminal.write(`${counted} contract${counted === 1 ? '' : 's'}, ${tally.broken} broken\n`);
  }
  return tally.broken + problems.length > 0 ? EXIT_CODES.failed : EXIT_CODES.ok;
}

/** The spider that is named, else all of the project, and what is wrong with files that cannot be loaded. */
async function spidersToCheck(
  workspace: Workspace,
  reference: string | undefined,
): Promise<{ readonly spiders: LoadedSpider[]; readonly problems: string[] }> {
  if (reference !== undefined) return { spiders: [await workspace.find(reference)], problems: [] };
  if (workspace.project === undefined) {
    throw new UsageError('there is no project here', 'Name a file: crawl check ./spider.ts');
  }
  const spiders: LoadedSpider[] = [];
  const problems: string[] = [];
  for (const file of await workspace.spiderFiles()) {
    try {
      spiders.push(...(await workspace.load(file)));
    } catch (fault) {
      problems.push(`${relative(workspace.cwd, file.path)}: ${describeFault(fault).problem}`);
    }
  }
  return { spiders, problems };
}

function reportLines(report: ContractReport, { verbose }: CheckOptions): string {
  const { method, url, problems, items, requests } = report;
  const isKept = problems.length === 0;
  const counts = isKept ? `  (${items.length} items, ${requests.length} requests)` : '';
  const lines = [`  ${isKept ? 'ok    ' : 'BROKEN'}  ${method}  ${url}${counts}`];
  for (const { part, expected, got } of problems) {
    lines.push(`          ${part}`, `            expected  ${expected}`, `            got       ${got}`);
  }
  if (verbose) {
    lines.push(...items.map((item) => `          item     ${JSON.stringify(toPlainRecord(item))}`));
    lines.push(...requests.map((request) => `          request  ${request.method} ${request.url}`));
  }
  return `${lines.map(printable).join('\n')}\n`;
}
