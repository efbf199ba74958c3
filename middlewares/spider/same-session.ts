import { type Factory, isRequest, named, type SpiderMiddleware } from '../../src/api.ts';

/** Requests found on a page stay in the session that `meta.session` named for it, unless they name their own. */
export function sameSession(): Factory<SpiderMiddleware> {
  return named('same-session', () => ({
    name: 'same-session',
    processOutput(output, { response }) {
      const session = response?.meta.session;
      if (session != null && isRequest(output) && output.meta.session === undefined)
        output.meta.session = session;
    },
  }));
}
