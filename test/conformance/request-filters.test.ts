import { depth, isHandledStatus, isOffsite, urlLength } from '../../middlewares/index.ts';
import { isDrop } from '../../src/values/drop.ts';
import { Request } from '../../src/values/request.ts';
import { contextWith, made, unitFor } from '../unit/middlewares/component-context.ts';
import { cases } from './load.ts';

type Question =
  | {
      readonly op: 'offsite';
      readonly allowedDomains?: readonly string[] | null;
      readonly url: string;
      readonly skipDedupe?: boolean;
      readonly allowOffsite?: boolean;
    }
  | {
      readonly op: 'depth';
      readonly parentDepth: number;
      readonly maxDepth?: number;
      readonly priorityFactor?: number;
      readonly priority?: number;
    }
  | { readonly op: 'urlLength'; readonly length: number; readonly max: number }
  | {
      readonly op: 'status';
      readonly status: number;
      readonly handleAll?: boolean;
      readonly handleList?: readonly number[];
      readonly requestHandleAll?: boolean;
      readonly requestHandleList?: readonly number[];
    };

const PAGE = 'http://site.test/';

cases<Question>('request-filters', async (asked) => {
  switch (asked.op) {
    case 'offsite': {
      const { url, skipDedupe = false, allowOffsite = false, allowedDomains } = asked;
      const request = new Request(url, { dontFilter: skipDedupe, meta: { allowOffsite } });
      return { allow: !isOffsite(request, allowedDomains ?? []) };
    }
    case 'depth': {
      const { parentDepth, maxDepth = 0, priorityFactor: depthPriority = 0, priority = 0 } = asked;
      const middleware = await made(depth({ maxDepth, depthPriority }), contextWith());
      const request = new Request(PAGE, { priority });
      const page = unitFor(PAGE, { meta: { depth: parentDepth } });
      const isDropped = isDrop(await middleware.processEnqueue?.(request, page, 'callback'));
      if (isDropped) return { allow: false };
      return { allow: true, depth: request.meta.depth, priority: request.priority };
    }
    case 'urlLength': {
      const middleware = await made(urlLength({ max: asked.max }), contextWith());
      const request = new Request(PAGE.padEnd(asked.length, 'x'));
      return { allow: !isDrop(await middleware.processEnqueue?.(request, undefined, 'start')) };
    }
    case 'status': {
      const { status, handleAll, handleList, requestHandleAll, requestHandleList } = asked;
      const meta = {
        ...(requestHandleAll !== undefined && { handleAllStatuses: requestHandleAll }),
        ...(requestHandleList !== undefined && { handleStatuses: requestHandleList }),
      };
      const rules = {
        ...(handleAll !== undefined && { all: handleAll }),
        ...(handleList !== undefined && { statuses: handleList }),
      };
      return { callback: isHandledStatus(status, meta, rules) };
    }
  }
});
