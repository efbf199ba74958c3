import type { ComponentContext, HostControl } from '../../../src/contracts/component.ts';
import type { HostState } from '../../../src/contracts/scheduler.ts';
import type { SpiderLike } from '../../../src/contracts/spider.ts';
import { UnitRun } from '../../../src/engine/unit-run.ts';
import { MemoryLogger } from '../../../src/logging/memory-logger.ts';
import { DEFAULT_SETTINGS } from '../../../src/settings/default-settings.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import { SignalBus } from '../../../src/signals/signal-bus.ts';
import { MemoryStats } from '../../../src/stats/memory-stats.ts';
import { ManualClock } from '../../../src/testing/manual-clock.ts';
import { Request, type RequestOptions } from '../../../src/values/request.ts';
import { throttleGroup } from '../../../src/values/throttle-group.ts';

/** What a component did to hosts. */
export class RecordedHosts implements HostControl {
  readonly blocked: (readonly [host: string, forMs: number])[] = [];
  readonly limited: (readonly [host: string, minDelayMs: number | undefined])[] = [];

  readonly of: (request: Request) => string;
  readonly #limits: Settings['hostLimits'];

  constructor({ hostLimits = {}, throttleScope = 'host' }: Partial<Settings> = {}) {
    this.#limits = hostLimits;
    this.of = throttleGroup(throttleScope);
  }

  /** A host that does nothing, with the limits of the settings. */
  get(name: string): HostState {
    const limits = this.#limits[name] ?? {};
    return {
      name,
      queued: 0,
      inFlight: 0,
      concurrency: 1,
      delayMs: 0,
      blockedForMs: 0,
      failures: 0,
      limits,
    };
  }

  list(): HostState[] {
    return [];
  }

  unblock(): void {}

  block(host: string, forMs: number): void {
    this.blocked.push([host, forMs]);
  }

  setLimits(host: string, { minDelayMs }: { readonly minDelayMs?: number }): void {
    this.limited.push([host, minDelayMs]);
  }
}

/** A context whose parts tests can look into. */
export interface TestContext extends ComponentContext {
  readonly clock: ManualClock;
  readonly logger: MemoryLogger;
  readonly stats: MemoryStats;
  readonly hosts: RecordedHosts;
}

/** The context of a component, with nothing behind it but what the test gives. */
export function contextWith(
  settings: Partial<Settings> = {},
  {
    spider = {},
    ...parts
  }: Partial<Omit<ComponentContext, 'settings' | 'spider'>> & { readonly spider?: Partial<SpiderLike> } = {},
): TestContext {
  const logger = new MemoryLogger();
  const unexpected = (request: Request): never => {
    throw new Error(`nothing was to be fetched, but ${request.url}`);
  };
  return {
    signals: new SignalBus(logger),
    signal: new AbortController().signal,
    random: () => 0.5,
    fetch: unexpected,
    fetchInside: unexpected,
    stop: () => {},
    isResumed: false,
    state: () => ({}),
    syncWith: () => {},
    ...parts,
    settings: { ...DEFAULT_SETTINGS, ...settings },
    clock: new ManualClock(),
    logger,
    stats: new MemoryStats(),
    hosts: new RecordedHosts(settings),
    spider: {
      name: 'test',
      startUrls: [],
      allowedDomains: [],
      args: {},
      state: {},
      start: () => [],
      ...spider,
    },
  };
}

/** What a factory makes; it has to make something. */
export async function made<Component, Given>(
  factory: (context: Given) => Component | undefined | Promise<Component | undefined>,
  context: Given,
): Promise<Component> {
  const component = await factory(context);
  if (component === undefined) throw new Error('the factory made nothing');
  return component;
}

/** The unit of a request, as the engine makes it. */
export function unitOf(request: Request, retries = 0): UnitRun {
  const limits = { timeoutMs: 60_000, maxBodyBytes: 32 * 1024 * 1024 };
  return new UnitRun(request, { id: 1, attempt: 1, retries, isInline: false }, limits);
}

/** The unit of a request to an address. */
export function unitFor(url: string, options: RequestOptions = {}): UnitRun {
  return unitOf(new Request(url, options));
}
