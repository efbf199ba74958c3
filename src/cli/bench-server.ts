import { Worker } from 'node:worker_threads';

/** A site without an end, served by a thread of its own so that it takes no time from the crawl. */
export interface BenchServer {
  /** `http://127.0.0.1:<port>/`; every path below it that is a number is a page. */
  readonly url: string;
  close(): Promise<void>;
}

/** Links and items of each page. */
export const LINKS_PER_PAGE = 20;

/** Text, because a thread cannot load TypeScript where the sources run as they are. */
const PROGRAM = `
const { createServer } = require('node:http');
const { parentPort, workerData: links } = require('node:worker_threads');
const filler = '<p class="about">' + 'A line of text as shops have it. '.repeat(8) + '</p>';
const server = createServer(({ url }, response) => {
  const number = Number(url.slice(1)) || 0;
  let body = '<!doctype html><title>Page ' + number + '</title><ul>';
  for (let at = 1; at <= links; at += 1) {
    const next = (number * links + at) % 1e12;
    body += '<li class="pod"><h3><a href="/' + next + '">Book ' + next + '</a></h3><b class="price">' + at + '</b>' + filler;
  }
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(body + '</ul>');
});
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

/** Starts the site on a free port of this machine. */
export async function startBenchServer(): Promise<BenchServer> {
  const worker = new Worker(PROGRAM, { eval: true, workerData: LINKS_PER_PAGE });
  const port = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      await worker.terminate();
    },
  };
}
