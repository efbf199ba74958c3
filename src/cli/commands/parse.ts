import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ItemRecord, Request, Rule } from '../../api.ts';
import type { LoadedSpider } from '../../crawler/load-spider.ts';
import type { PageNotes } from '../../crawler/page-notes.ts';
import type { ProbeObserver } from '../../crawler/probe.ts';
import { nearest } from '../../values/nearest.ts';
import { printable } from '../../values/printable.ts';
import { answerFault } from '../answer-fault.ts';
import { assignments } from '../assignments.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { pageUrl } from '../page-url.ts';
import { type SharedOptions, settingsLayers } from '../settings-layers.ts';
import { spidersOfUrl } from '../spiders-of-url.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { wholeNumber } from '../whole-number.ts';
import { Workspace } from '../workspace.ts';

/** Options of `crawl parse`. */
export interface ParseOptions extends SharedOptions {
  readonly spider?: string;
  readonly callback: string;
  readonly rules?: true;
  readonly output?: string;
  readonly argument?: readonly string[];
  readonly depth: string;
  readonly meta?: string;
  readonly cbKwargs?: string;
  readonly pipelines?: true;
  readonly noitems?: true;
  readonly nolinks?: true;
}

/** What a spider made of the page and of those below it. */
interface Findings {
  readonly items: PageNotes<ItemRecord>;
  readonly requests: PageNotes<Record<string, unknown>>;
}

/** Prints the items and requests that a spider gets from one page, as JSON. */
export async function parse(terminal: Terminal, word: string, options: ParseOptions): Promise<number> {
  const url = pageUrl(word).href;
  const levels = wholeNumber('--depth', options.depth, 1);
  const workspace = Workspace.for(terminal.cwd, options.spider);
  const loaded = await spiderFor(terminal, workspace, url, options.spider);
  const { spider, name } = loaded;
  const byRule = options.rules ? await ruleFor(loaded, url) : undefined;
  if (byRule === undefined) await checkCallback(loaded, options.callback);
  const settings = await settingsLayers(terminal, workspace, options, { logLevel: 'warn' });
  const args = Object.fromEntries(
    assignments('-a', options.argument ?? [], terminal.env).map((given) => [given.name, given.value]),
  );
  const [{ probe, callbackName }, { PageNotes }, api] = await Promise.all([
    import('../../crawler/probe.ts'),
    import('../../crawler/page-notes.ts'),
    import('../../api.ts'),
  ]);

  const first = new api.Request(url, {
    callback: byRule === undefined ? options.callback : 'parseFollowed',
    dontFilter: true,
    meta: {
      allowOffsite: true,
      ...(byRule !== undefined && { rule: byRule }),
      ...jsonObject('--meta', options.meta),
    },
    cbKwargs: jsonObject('--cb-kwargs', options.cbKwargs),
  });
  const findings: Findings = { items: new PageNotes(), requests: new PageNotes() };
  const scraped: ItemRecord[] = [];
  const crawler = probe(spider, {
    name,
    args,
    ...settings,
    pipelines: options.pipelines,
    start: () => [first],
    observer: noting(findings, levels, options.pipelines === true, callbackName),
  });
  if (options.pipelines) crawler.signals.on('itemScraped', ({ item }) => void scraped.push(item));
  const { error, errors } = await crawler.run();
  const items = options.pipelines ? scraped : findings.items.values;
  const shown = {
    ...(options.noitems ? {} : { items: items.map((item) => api.toPlainRecord(item)) }),
    ...(options.nolinks ? {} : { requests: findings.requests.values }),
  };
  const text = `${JSON.stringify(shown, undefined, 2)}\n`;
  if (options.output === undefined || options.output === '-') await terminal.write(text);
  else await writeFile(resolve(terminal.cwd, options.output), text);
  if (error !== undefined) answerFault(error, terminal);
  return error !== undefined || errors > 0 ? EXIT_CODES.failed : EXIT_CODES.ok;
}

/** Notes what callbacks give. Items end here unless pipelines shall have them, requests at the last level. */
function noting(
  { items, requests }: Findings,
  levels: number,
  hasPipelines: boolean,
  callbackName: (request: Request) => string,
): ProbeObserver {
  return {
    item(item, { request }) {
      items.add(request, item);
      return hasPipelines;
    },
    again(page) {
      items.forget(page);
      requests.forget(page);
    },
    request(output, { request }) {
      const depth = Number(request.meta.depth ?? 0) + 1;
      requests.add(request, {
        url: output.url,
        method: output.method,
        callback: callbackName(output),
        depth,
      });
      return depth < levels;
    },
  };
}

/** The spider that is named; else the only one, or the one whose `allowedDomains` hold the page. */
async function spiderFor(
  terminal: Terminal,
  workspace: Workspace,
  url: string,
  name: string | undefined,
): Promise<LoadedSpider> {
  if (name !== undefined) return workspace.find(name);
  const all: LoadedSpider[] = [];
  for (const file of await workspace.spiderFiles()) all.push(...(await workspace.load(file).catch(() => [])));
  const { fitting, problems } = await spidersOfUrl(all, url);
  for (const problem of problems) terminal.say(`${printable(problem)}\n`);
  const [found, ...others] = fitting.length > 0 ? fitting : all;
  if (found !== undefined && others.length === 0) return found;
  const names = [found, ...others].flatMap((spider) => spider?.name ?? []);
  throw new UsageError(
    names.length === 0
      ? 'there is no project here, so there is no spider'
      : 'which spider shall parse the page?',
    names.length === 0
      ? 'Name a file: --spider ./spider.ts'
      : `Name one: --spider ${names.slice(0, 5).join(', ')}`,
  );
}

/**
 * The first rule of a `CrawlSpider` that takes an address, as if its link had been found.
 *
 * @throws UsageError where the spider has no rules, or none that takes it.
 */
async function ruleFor({ spider, name }: LoadedSpider, url: string): Promise<number> {
  const [{ LinkExtractor }, { makeSpider }] = await Promise.all([
    import('../../api.ts'),
    import('../../crawler/make-spider.ts'),
  ]);
  const { rules } = makeSpider(spider, name) as { readonly rules?: readonly Rule[] };
  if (rules === undefined)
    throw new UsageError(`${name} is no CrawlSpider: it has no rules`, 'Use --callback.');
  const at = rules.findIndex(({ linkExtractor = {} }) => {
    const extractor = 'extractLinks' in linkExtractor ? linkExtractor : new LinkExtractor(linkExtractor);
    return 'matches' in extractor && (extractor as InstanceType<typeof LinkExtractor>).matches(url);
  });
  if (at >= 0) return at;
  throw new UsageError(`none of the ${rules.length} rules of ${name} takes ${url}`, 'Use --callback.');
}

/** @throws UsageError where the spider has no such callback. */
async function checkCallback({ spider, name }: LoadedSpider, callback: string): Promise<void> {
  const [{ makeSpider }, { callbackNames, hasCallback }] = await Promise.all([
    import('../../crawler/make-spider.ts'),
    import('../../crawler/spider-callbacks.ts'),
  ]);
  const made = makeSpider(spider, name);
  if (hasCallback(made, callback)) return;
  const near = nearest(callback, callbackNames(made));
  throw new UsageError(
    `the spider has no method "${callback}"`,
    near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'Name one of its callbacks: --callback parse',
  );
}

function jsonObject(option: string, text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new UsageError(`${option} ${text}: expected a JSON object`, `For example ${option} '{"page": 2}'`);
}
