import {
  type Drop,
  drop,
  type Factory,
  named,
  type Request,
  type SchedulerMiddleware,
} from '../../src/api.ts';

/** Options of {@link depth}; defaults are the settings of those names. */
export interface DepthOptions {
  /** Most hops from a start request; 0: no limit. @defaultValue `settings.maxDepth` */
  readonly maxDepth?: number;
  /** Taken from the priority for each level. @defaultValue `settings.depthPriority` */
  readonly depthPriority?: number;
  /** Count the requests of each depth. @defaultValue `settings.depthStatsVerbose` */
  readonly verboseStats?: boolean;
}

/**
 * Records in `meta.depth` how far a request is from the start, lowers its priority by that where asked, and
 * drops what is too far. A redirect is as far as the request that was redirected; `meta.depthReset` starts again
 * at 0, for that request alone.
 */
export function depth(options: DepthOptions = {}): Factory<SchedulerMiddleware> {
  return named('depth', ({ settings, stats }) => {
    const { maxDepth = settings.maxDepth, depthPriority = settings.depthPriority } = options;
    const { verboseStats = settings.depthStatsVerbose } = options;
    let deepest = -1;

    const place = (request: Request, level: number): Drop | undefined => {
      request.meta.depth = level;
      if (maxDepth > 0 && level > maxDepth) return drop('depth');
      if (depthPriority !== 0) request.priority -= level * depthPriority;
      if (verboseStats) stats.inc(`request_depth_count/${level}`);
      if (level > deepest) {
        deepest = level;
        stats.max('request_depth_max', level);
      }
      return undefined;
    };

    return {
      name: 'depth',
      processEnqueue(request, origin, source) {
        if (source === 'redirect' || source === 'fetch') return undefined;
        const isReset = request.meta.depthReset === true;
        if (isReset) delete request.meta.depthReset;
        return place(request, origin === undefined || isReset ? 0 : (origin.request.meta.depth ?? 0) + 1);
      },
    };
  });
}
