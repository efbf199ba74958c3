import { drop, type Factory, isRequest, named, type SpiderMiddleware } from '../../src/api.ts';

/**
 * In an incremental crawl with `incrementalItems: 'changed'`: drops the items of pages that have not changed since
 * they were fetched before. Their requests go on, so that nothing behind them is missed.
 */
export function changedItems(): Factory<SpiderMiddleware> {
  return named('changed-items', ({ settings }) => {
    if (settings.incrementalDir === undefined || settings.incrementalItems !== 'changed') return undefined;
    return {
      name: 'changed-items',
      processOutput(output, { response }) {
        if (isRequest(output) || response?.flags.includes('unchanged') !== true) return undefined;
        return drop('unchanged page');
      },
    };
  });
}
