// Writes docs/reference/ from the doc comments of settings, errors and signals, and from the command line's own help.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createJiti } from 'jiti';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The pages of the reference: file name to text. */
export async function referencePages() {
  return {
    'settings.md': settingsPage(),
    'errors.md': errorsPage(),
    'signals.md': signalsPage(),
    'commands.md': await commandsPage(),
  };
}

function settingsPage() {
  const members = membersOf('src/settings/settings.ts', 'Settings');
  const row = ({ name, type, doc, tags }) => {
    const limits = tags.minimum === undefined ? '' : ` At least ${tags.minimum}.`;
    return `| \`${name}\` | \`${shownType(type)}\` | ${tags.defaultValue ?? ''} | ${doc}${limits} |`;
  };
  const head = (what) => [`| ${what} | type | default | |`, '| --- | --- | --- | --- |'];
  const feeds = membersOf('src/settings/feed-options.ts', 'FeedOptions');
  return page(
    'Settings',
    'Every setting, its default and what it does. Durations are in milliseconds, sizes in bytes.',
    [
      ...head('setting'),
      ...members.map(row),
      '',
      '## Options of an output',
      '',
      ...head('option'),
      ...feeds.map(row),
    ],
  );
}

function shownType(type) {
  return type.replaceAll('readonly ', '').replaceAll(/\s+/g, ' ').replace(/^\| /, '').replaceAll('|', '\\|');
}

function errorsPage() {
  const files = readdirSync(`${root}src/errors`).map((file) => `src/errors/${file}`);
  const rows = [...files, 'src/markup/missing-package-error.ts', 'src/markup/selector-error.ts']
    .filter((file) => !file.endsWith('/crawl-error.ts'))
    .flatMap((file) => {
      const source = parse(file);
      return source.statements.filter(ts.isClassDeclaration).map((node) => {
        const code = /code = '(ERR_CRAWL_\w+)'/.exec(node.getText(source))?.[1];
        return `| \`${code}\` | \`${node.name?.text}\` | ${docOf(node).doc} |`;
      });
    });
  return page('Errors', 'Errors of the framework have a stable `code`; messages may change.', [
    '| code | class | |',
    '| --- | --- | --- |',
    ...rows.sort(),
  ]);
}

function signalsPage() {
  const rows = membersOf('src/contracts/signal.ts', 'SignalMap').map(
    ({ name, doc, type }) =>
      `| \`${name}\` | \`${type.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|')}\` | ${doc} |`,
  );
  return page(
    'Signals',
    'What `context.signals.on(name, handler)` and `crawler.signals.on(name, handler)` listen to.',
    ['| signal | data | |', '| --- | --- | --- |', ...rows],
  );
}

async function commandsPage() {
  const { buildProgram } = await createJiti(import.meta.url).import(`${root}src/cli/program.ts`);
  const { EXIT_CODES_HELP } = await createJiti(import.meta.url).import(`${root}src/cli/exit-codes.ts`);
  const { commands } = buildProgram({}, { isShortForm: false, argv: [] }).describe();
  return page('Commands', '`crawl <command> --help` shows the same with examples.', [
    ...commands.flatMap(commandLines),
    '## Exit codes',
    '',
    '```text',
    EXIT_CODES_HELP,
    '```',
  ]);
}

function commandLines({ words, usage, description, arguments: given, options, commands }) {
  const cell = (text) => text.replaceAll('|', '\\|').replaceAll('<', '\\<');
  const rows = [
    ...given.map((one) => `| \`${one.name}\` | ${cell(one.description)} |`),
    ...options.map(({ flags, description: text }) => `| \`${flags}\` | ${cell(text)} |`),
  ];
  const table = rows.length === 0 ? [] : ['| word | |', '| --- | --- |', ...rows, ''];
  const own = [`## ${words}`, '', `\`${words} ${usage}\`: ${cell(description)}.`, '', ...table];
  return commands.length === 0 ? own : commands.flatMap(commandLines);
}

function page(title, lead, lines) {
  return `# ${title}\n\n<!-- Written by scripts/reference.mjs. -->\n\n${lead}\n\n${lines.join('\n')}\n`;
}

function membersOf(path, name) {
  const source = parse(path);
  const found = source.statements.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === name);
  return found.members.map((member) => ({
    name: member.name.getText(source),
    type: member.type.getText(source),
    ...docOf(member),
  }));
}

function docOf(node) {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const plain = (text) =>
    (ts.getTextOfJSDocComment(text) ?? '').replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim();
  const tags = Object.fromEntries((comment?.tags ?? []).map((tag) => [tag.tagName.text, plain(tag.comment)]));
  return { doc: plain(comment?.comment), tags };
}

function parse(path) {
  return ts.createSourceFile(path, readFileSync(root + path, 'utf8'), ts.ScriptTarget.ES2023, true);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(`${root}docs/reference`, { recursive: true });
  for (const [name, text] of Object.entries(await referencePages()))
    writeFileSync(`${root}docs/reference/${name}`, text);
}
