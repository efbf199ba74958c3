import { spawn } from 'node:child_process';
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { userCache } from '../crawler/user-cache.ts';
import { OutputError } from '../errors/output-error.ts';
import type { Response } from '../values/response.ts';

const MAX_KEPT = 20;
/** No scripts, no network, nothing embedded: what is seen is what the crawler got. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:";

/**
 * Writes a page into the user's own cache, readable by nobody else, so that a browser can show it: in a frame
 * that runs no scripts, follows no refresh and loads nothing. Gives the path.
 *
 * @throws OutputError when there is no private folder to write to.
 */
export function writePageView(response: Response): string {
  const folder = userCache('viewed');
  if (folder === undefined) {
    throw new OutputError('page', 'there is no private cache folder for it: set XDG_CACHE_HOME to one');
  }
  keepNewest(folder, MAX_KEPT - 1);
  const { kind } = response;
  const extension = kind === 'binary' ? 'bin' : kind === 'html' ? 'html' : 'txt';
  const path = join(folder, `${fileStem(response.url)}-${Date.now()}.${extension}`);
  const content = kind === 'binary' ? response.body : kind === 'html' ? framed(response) : response.text;
  writeFileSync(path, content, { mode: 0o600, flag: 'wx' });
  return path;
}

/**
 * Shows a page in the browser as the crawler got it, without scripts and network; gives the path of the file. Where
 * there is no browser nothing opens. Scrapy's open_in_browser.
 *
 * @throws OutputError when there is no private folder to write to.
 */
export function openInBrowser(response: Response): string {
  const path = writePageView(response);
  openFile(path);
  return path;
}

/** Opens a file with the system's own program for it. */
export function openFile(path: string): void {
  const [program, ...words] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['explorer.exe'] : ['xdg-open'];
  const child = spawn(program ?? 'xdg-open', [...words, path], { detached: true, stdio: 'ignore' });
  // Without a browser the printed path has to do.
  child.on('error', () => {});
  child.unref();
}

function framed(response: Response): string {
  const page = `<base href="${escaped(response.baseUrl)}">${response.text}`;
  return `<!doctype html>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escaped(response.url)}</title>
<style>html, body, iframe { margin: 0; border: 0; width: 100%; height: 100%; display: block }</style>
<iframe sandbox srcdoc="${escaped(page)}"></iframe>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

/** A file name made of the host; nothing of the path, which the site chose. */
function fileStem(url: string): string {
  const host = URL.parse(url)?.hostname ?? '';
  return (
    host
      .replaceAll(/[^a-z0-9.-]/gi, '_')
      .slice(0, 80)
      .replace(/^\.+/, '') || 'page'
  );
}

function keepNewest(folder: string, most: number): void {
  const files = readdirSync(folder).map((name) => join(folder, name));
  const byAge = files.map((path) => ({ path, age: statSync(path).mtimeMs })).sort((a, b) => b.age - a.age);
  for (const { path } of byAge.slice(most)) rmSync(path, { force: true });
}
