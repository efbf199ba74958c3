// The site of the kill protocol, for machines without the hostile web server: 2,000 pages, /site/0 leads to all of
// them, each takes 10 ms. `node site.mjs PORT`; GET /__site tells how many pages were fetched and how often in all,
// GET /__site?reset starts over.
import { createServer } from 'node:http';
import { PAGES } from './page-item.mjs';

const LATENCY_MS = 10;
const fetched = new Map();

const server = createServer({ keepAliveTimeout: 30_000 }, (request, response) => {
  const { pathname, search } = new URL(request.url, 'http://site');
  if (pathname === '/__site') return answerCounts(response, search === '?reset');
  const id = Number(/^\/site\/(\d+)$/.exec(pathname)?.[1] ?? PAGES);
  if (id >= PAGES) return response.writeHead(404).end('no such page');
  fetched.set(id, (fetched.get(id) ?? 0) + 1);
  setTimeout(() => response.setHeader('content-type', 'text/html; charset=utf-8').end(page(id)), LATENCY_MS);
});
server.listen(Number(process.argv[2]), '127.0.0.1');

function answerCounts(response, isReset) {
  const counts = [...fetched.values()];
  if (isReset) fetched.clear();
  const fetches = counts.reduce((sum, count) => sum + count, 0);
  response
    .setHeader('content-type', 'application/json')
    .end(JSON.stringify({ pages: counts.length, fetches }));
}

function page(id) {
  const tree = Array.from({ length: 10 }, (_, at) => id * 10 + at + 1).filter((next) => next < PAGES);
  const others = [id * 7 + 3, id * 13 + 5, id + 1].map((next) => next % PAGES);
  const links = [...tree, ...others].map((next) => `<a href="/site/${next}">${next}</a>`);
  return `<!doctype html><title>page ${id}</title>${links.join(' ')}`;
}
