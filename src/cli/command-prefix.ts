/** How the user can call us again: `npx crawl` where npx called, which leaves no `crawl` behind. */
export function commandPrefix(env: Readonly<Record<string, string | undefined>>): string {
  return env.npm_command === 'exec' ? 'npx crawl' : 'crawl';
}
