import type { Response } from '../api.ts';

/** The headers of a request and its answer as curl shows them: `>` sent, `<` received. */
export function printedHeaders({ request, status, headers, url }: Response): string {
  const { pathname, search, host } = new URL(url);
  const lines = [
    `> ${request.method} ${pathname}${search}`,
    `> host: ${host}`,
    ...[...request.headers].map(([name, value]) => `> ${name}: ${value}`),
    '>',
    `< ${status}`,
    ...[...headers].map(([name, value]) => `< ${name}: ${value}`),
  ];
  return `${lines.join('\n')}\n`;
}
