import { type Factory, isRequest, named, type SpiderMiddleware } from '../../src/api.ts';

/** Marks the requests of `start()` with `meta.isStartRequest`. */
export function start(): Factory<SpiderMiddleware> {
  return named('start', () => ({
    name: 'start',
    processStart(output) {
      if (isRequest(output)) output.meta.isStartRequest = true;
    },
  }));
}
