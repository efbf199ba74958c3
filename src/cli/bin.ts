#!/usr/bin/env node
// Old versions of Node must be able to read this file: no import declarations, no new syntax.
const OLDEST_MAJOR = 20;
const OLDEST_MINOR = 19;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < OLDEST_MAJOR || (major === OLDEST_MAJOR && minor < OLDEST_MINOR)) {
  process.stderr.write(
    `crawl: Node ${process.versions.node} is too old, Orbweaver needs ${OLDEST_MAJOR}.${OLDEST_MINOR} or newer.\n` +
      '  Install a current one: https://nodejs.org/ or `nvm install --lts`\n',
  );
  process.exitCode = 2;
} else {
  import('./main.ts').then(({ main }) => main(process.argv.slice(2)));
}
