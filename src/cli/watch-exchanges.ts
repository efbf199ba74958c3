import type { DownloaderMiddleware, Factory, Request, WireExchange } from '../api.ts';
import { named } from '../values/named.ts';

/** Told of what went over the network for a request. */
export type ExchangeObserver = (request: Request, exchange: WireExchange) => void;

/** Listens to the network; listed last, so that nothing is changed behind it. Archives go on to hear theirs. */
export function watchExchanges(observe: ExchangeObserver): Factory<DownloaderMiddleware> {
  const middleware: DownloaderMiddleware = {
    name: 'watch-exchanges',
    processRequest(request, unit) {
      const { onExchange } = unit;
      unit.onExchange = (exchange) => {
        onExchange?.(exchange);
        observe(request, exchange);
      };
    },
  };
  return named(middleware.name, () => middleware);
}
