import { type Factory, named, type SchedulerMiddleware } from '../../src/api.ts';
import { OffsiteGuard } from '../offsite-guard.ts';

/**
 * Keeps requests that lead off the spider's `allowedDomains` out of the queue. Those with an errback go in: the
 * downloader's `offsite` refuses them later and their errback is told.
 */
export function earlyOffsite(): Factory<SchedulerMiddleware> {
  return named('early-offsite', (context) => {
    const guard = new OffsiteGuard(context);
    return {
      name: 'early-offsite',
      processEnqueue: (request) => (request.errback === undefined ? guard.check(request) : undefined),
    };
  });
}
