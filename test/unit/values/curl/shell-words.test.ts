import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { shellWords } from '../../../../src/values/curl/shell-words.ts';
import { seeded } from '../../../support/seeded.ts';

const asText = (words: string[]): string[] => words.map((word) => Buffer.from(word, 'latin1').toString());

describe('shellWords', () => {
  it('reads quotes of each kind and escapes', () => {
    const command = `curl 'a b' "c \\"d\\" \\n $x" e\\ f'g'"h" '' $'\\x41\\u00e9\\101\\n\\'' $"i" é`;
    expect(asText(shellWords(command))).toEqual([
      'curl',
      'a b',
      'c "d" \\n $x',
      'e fgh',
      '',
      "AéA\n'",
      'i',
      'é',
    ]);
  });

  it('joins lines that go on', () => {
    expect(shellWords('curl \\\n a\\\r\nb "c\\\nd"\nlast')).toEqual(['curl', 'ab', 'cd', 'last']);
  });

  it('keeps bytes that are no text', () => {
    expect(shellWords("$'\\xff\\x00\\377'")).toEqual(['\xff\0\xff']);
  });

  it('reads the two escapes that browsers make of one character', () => {
    expect(asText(shellWords("$'\\ud83d\\ude00!'"))).toEqual(['😀!']);
  });

  it('refuses a quote that is not closed', () => {
    for (const cut of ["curl 'a", 'curl "a', "curl $'a"]) {
      expect(() => shellWords(cut)).toThrow(expect.objectContaining({ code: 'ERR_CRAWL_CURL' }));
    }
  });

  const hasBash = spawnSync('bash', ['--version']).status === 0;
  it.skipIf(!hasBash)('cuts words as bash does', () => {
    const random = seeded(11);
    const pieces = [
      "'a b'",
      '"c d"',
      "$'\\n\\t\\'x\\x7e\\101\\cA\\q'",
      '\\ ',
      '\\"',
      '"\\q\\$\\\\"',
      'x',
      ' ',
      'é',
      '\\\n',
      "''",
    ];
    const commands = Array.from({ length: 60 }, () =>
      Array.from({ length: 8 }, () => pieces[Math.floor(random() * pieces.length)]).join(''),
    );
    const script = commands.map((command) => `printf '%s\\0' . ${command}; printf '\\2'`).join('\n');
    const { stdout } = spawnSync('bash', ['-c', script], { env: { LC_ALL: 'C.UTF-8' } });
    const wanted = stdout.toString('latin1').split('\x02').slice(0, -1);
    expect(commands.map((command) => `${['.', ...shellWords(command)].join('\0')}\0`)).toEqual(wanted);
  });
});
