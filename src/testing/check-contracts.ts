import type { ContractCount, ContractOutcome, Contracts, PageContract } from '../contracts/page-contract.ts';
import type { CrawlOptions } from '../crawler/crawler.ts';
import { probe } from '../crawler/probe.ts';
import { ENDS_OF_RUNS } from '../crawler/settings-of-runs.ts';
import { callbackNames, hasCallback } from '../crawler/spider-callbacks.ts';
import { errorMessage } from '../errors/crawl-error.ts';
import type { SpiderClass } from '../spider/spider.ts';
import type { ItemRecord } from '../values/item.ts';
import { nearest } from '../values/nearest.ts';
import { Request } from '../values/request.ts';
import type { Response } from '../values/response.ts';

/** One thing that a page did not keep. */
export interface ContractProblem {
  /** The part of the contract: `url`, `callback`, `returns.items`, `scrapes`, or the name of a check. */
  readonly part: string;
  readonly expected: string;
  readonly got: string;
}

/** How one contract fared; kept, where there are no problems. */
export interface ContractReport {
  readonly method: string;
  readonly url: string;
  readonly problems: readonly ContractProblem[];
  readonly items: readonly ItemRecord[];
  readonly requests: readonly Request[];
}

/** A contract while its page is worked on. */
interface Trial {
  readonly method: string;
  readonly contract: PageContract;
  readonly items: ItemRecord[];
  readonly requests: Request[];
  readonly problems: ContractProblem[];
  response?: Response;
}

/** The key of `meta` that leads from a page back to its contract. */
const MARK = 'orbweaver:contract';

/** The contracts of a spider one by one, with the method that each is about. */
export function contractsOf(
  spider: SpiderClass,
): { readonly method: string; readonly contract: PageContract }[] {
  return Object.entries(spider.contracts ?? ({} as Contracts)).flatMap(([method, given]) =>
    [given].flat().map((contract: PageContract) => ({ method, contract })),
  );
}

/**
 * Fetches the page of each contract of a spider and checks what the callback makes of it. Requests are not followed,
 * pipelines, feeds and limits such as `maxPages` are off, a cache is not asked.
 *
 * @throws SettingsError on wrong settings or arguments.
 */
export async function checkContracts<Item extends object, Args extends object>(
  spider: SpiderClass<Item, Args>,
  options: CrawlOptions<Args> = {},
): Promise<ContractReport[]> {
  const trials = contractsOf(spider as unknown as SpiderClass).map(
    (given): Trial => ({ ...given, items: [], requests: [], problems: [] }),
  );
  const trialOf = ({ meta }: Request): Trial | undefined => trials[meta[MARK] as number];
  const crawler = probe(spider, {
    ...options,
    ignored: ENDS_OF_RUNS,
    start: (made) => trials.flatMap((trial, at) => requestFor(trial, at, made)),
    observer: {
      request(request, unit) {
        trialOf(unit.request)?.requests.push(request);
        return false;
      },
      item(item, unit) {
        trialOf(unit.request)?.items.push(item);
        return false;
      },
      again(request) {
        const trial = trialOf(request);
        for (const given of [trial?.items, trial?.requests]) given?.splice(0);
      },
    },
  });
  const { signals } = crawler;
  signals.on('requestFailed', ({ request, error }) => missed(trialOf(request), errorMessage(error)));
  signals.on('requestDropped', ({ request, reason }) => missed(trialOf(request), `dropped: ${reason}`));
  signals.on('spiderError', ({ request, response, error }) => {
    const trial = response === undefined ? request && trialOf(request) : trialOf(response.request);
    trial?.problems.push({ part: 'callback', expected: 'no error', got: errorMessage(error) });
  });
  signals.on('pageCommitted', ({ request, response }) => {
    const trial = trialOf(request);
    if (trial !== undefined) trial.response = response;
  });
  const { reason, error } = await crawler.run();
  const reports: ContractReport[] = [];
  for (const trial of trials) {
    if (trial.response === undefined && trial.problems.length === 0)
      missed(trial, `the crawl ended first: ${error === undefined ? reason : errorMessage(error)}`);
    if (trial.problems.length === 0) await judge(trial);
    const { method, contract, problems, items, requests } = trial;
    reports.push({ method, url: contract.url, problems, items, requests });
  }
  return reports;
}

/** Nothing where the contract itself is wrong. */
function requestFor({ method, contract, problems }: Trial, at: number, spider: object): Request[] {
  if (!hasCallback(spider, method)) {
    const near = nearest(method, callbackNames(spider));
    const got =
      near.length > 0 ? `the spider has ${near.map((name) => `${name}()`).join(', ')}` : 'there is none';
    problems.push({ part: 'callback', expected: `a method ${method}() of the spider`, got });
    return [];
  }
  const { url, cbKwargs, meta, request } = contract;
  try {
    return [
      new Request(url, {
        ...request,
        callback: method,
        ...(cbKwargs !== undefined && { cbKwargs }),
        dontFilter: true,
        meta: { allowOffsite: true, dontCache: true, ...meta, [MARK]: at },
      }),
    ];
  } catch (error) {
    problems.push({ part: 'url', expected: 'the address of a page', got: errorMessage(error) });
    return [];
  }
}

function missed(trial: Trial | undefined, got: string): void {
  trial?.problems.push({ part: 'url', expected: 'a page', got });
}

async function judge({ contract, response, items, requests, problems }: Trial): Promise<void> {
  const { returns = {}, scrapes = [], checks = [] } = contract;
  const counted = (part: string, wanted: ContractCount | undefined, got: number) => {
    if (wanted !== undefined && !isWithin(wanted, got))
      problems.push({ part, expected: countWords(wanted), got: String(got) });
  };
  counted('returns.items', returns.items, items.length);
  counted('returns.requests', returns.requests, requests.length);
  if (scrapes.length > 0) {
    if (items.length === 0 && returns.items === undefined) counted('scrapes', [1], 0);
    for (const [at, item] of items.entries())
      judgeFields(scrapes, item, `item ${at + 1} of ${items.length}`, problems);
  }
  if (response === undefined) return;
  for (const check of checks) {
    const got = await complaint(check, { response, items, requests });
    if (got !== undefined) problems.push({ part: check.name || 'check', expected: 'no complaint', got });
  }
}

function judgeFields(
  scrapes: readonly string[],
  item: ItemRecord,
  which: string,
  problems: ContractProblem[],
): void {
  const missing = scrapes.filter((field) => isMissing(item[field]));
  if (missing.length === 0) return;
  const there = Object.keys(item).filter((field) => !isMissing(item[field]));
  problems.push({
    part: 'scrapes',
    expected: missing.join(', '),
    got: `${which} has ${there.length > 0 ? `only ${there.join(', ')}` : 'no fields'}`,
  });
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

async function complaint(
  check: NonNullable<PageContract['checks']>[number],
  outcome: ContractOutcome,
): Promise<string | undefined> {
  try {
    return (await check(outcome)) ?? undefined;
  } catch (error) {
    return errorMessage(error);
  }
}

function isWithin(wanted: ContractCount, got: number): boolean {
  if (typeof wanted === 'number') return got === wanted;
  const [least, most = Number.POSITIVE_INFINITY] = wanted;
  return got >= least && got <= most;
}

function countWords(wanted: ContractCount): string {
  if (typeof wanted === 'number') return String(wanted);
  const [least, most] = wanted;
  return most === undefined ? `at least ${least}` : `${least} to ${most}`;
}
