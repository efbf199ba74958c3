import { describe, expect, it } from 'vitest';
import { markdownPackages } from '../../../../src/markup/markdown/markdown-packages.ts';
import { Response } from '../../../../src/values/response.ts';

const page = (body: string, head = '') =>
  new Response('http://site.test/docs/', {
    headers: { 'content-type': 'text/html' },
    body: `<html><head>${head}</head><body>${body}</body></html>`,
  });
const prose = '<p>A sentence of some length, with commas, and more words than a menu has.</p>'.repeat(12);
const article = (inside: string) =>
  page(`<nav><a href="/">Home</a></nav><article>${inside}${prose}</article>`);

describe('response.markdown()', () => {
  it('gives the main content under its title, without navigation and scripts', () => {
    const text = article('<h1>On  rain</h1><script>let secret</script><h2>Drops</h2>').markdown();
    expect(text).toMatch(/^# On rain\n\n## Drops\n\nA sentence of some length/);
    expect(text).not.toMatch(/Home|secret/);
  });

  it('makes links and pictures absolute, and drops those that lead nowhere', () => {
    const text = article(
      '<p><a href="../a b?x=1">one</a> <a href="javascript:alert(1)">two</a> <a href="data:text/html,x">three</a></p>' +
        '<img src="data:image/gif;base64,R0" data-src="/late.png" alt="Late"><img src="javascript:x">',
    ).markdown();
    expect(text).toContain('[one](http://site.test/a%20b?x=1) two three');
    expect(text).toContain('![Late](http://site.test/late.png)');
    expect(text).not.toMatch(/javascript|data:/);
  });

  it('writes lists, code, quotes and struck text', () => {
    const text = article(
      '<ul><li>one<ul><li>two</li></ul></li></ul><pre><code class="language-js">a\n  b</code></pre>' +
        '<blockquote>said</blockquote><p><del>old</del> <em>new</em></p>',
    ).markdown();
    expect(text).toMatch(/- {3}one\n {4}- {3}two/);
    expect(text).toContain('```js\na\n  b\n```');
    expect(text).toContain('> said\n\n~~old~~ *new*');
  });

  it('writes tables as wide as their widest row, each row on one line', () => {
    const rows =
      '<tr><th>A</th><th>b|c</th></tr><tr><td>1<p>x</p></td><td></td></tr><tr><td colspan="2">2</td></tr>';
    expect(article(`<table><caption>Sums</caption>${rows}</table>`).markdown()).toContain(
      'Sums\n\n| A | b\\|c |\n| --- | --- |\n| 1 x | |\n| 2 | |',
    );
  });

  it('takes a table that only places things for blocks', () => {
    const text = page(
      `<table><tr><td><table><tr><td>${prose}</td></tr></table></td><td>side</td></tr></table>`,
    );
    expect(text.markdown()).not.toContain('|');
  });

  it('falls back on <main>, else on the body without what stands around', () => {
    expect(page('<nav>Menu</nav><main><h1>Short</h1><p>Text</p></main>').markdown()).toBe('# Short\n\nText');
    const listed = page('<nav>Menu</nav><p>Text</p><footer>Foot</footer>', '<title>A list</title>');
    expect(listed.markdown()).toBe('# A list\n\nText');
    expect(listed.markdown({ whole: true })).toBe('# A list\n\nMenu\n\nText\n\nFoot');
  });

  it('leaves out what nobody sees', () => {
    const hidden =
      '<p hidden>a1</p><p style="display: none">a2</p><p aria-hidden="true">a3</p><form><input></form>';
    expect(page(`<main>${hidden}<p>seen</p></main>`).markdown()).toBe('seen');
  });

  it('cuts what is longer than asked for at the end of a line', () => {
    const text = page('<main><p>first</p><p>second</p></main>').markdown({ maxLength: 10 });
    expect(text).toBe('first');
    expect(page('<main>😀😀</main>').markdown({ maxLength: 3 })).toBe('😀');
  });

  it.each([
    ['nested divs', '<div>'.repeat(3000)],
    ['nested quotes', '<blockquote>'.repeat(2000)],
    ['nested lists', '<ul><li>'.repeat(2000)],
    ['nested tables', '<table><tr><td>'.repeat(2000)],
    ['blanks', '\u00a0'.repeat(300_000)],
    ['empty elements', '<p><span> </span></p>'.repeat(10_000)],
    ['rows', '<table>'.concat('<tr><td>a</td><td>b</td></tr>'.repeat(500), '</table>')],
    ['a huge span', '<table><tr><td colspan="1000000000">a</td><td>b</td></tr></table>'],
  ])('is not held up by %s', (_what, markup) => {
    const began = process.cpuUsage();
    const text = page(`${markup}the end of it`).markdown();
    expect(text).toContain('the end of it');
    expect(text.length).toBeLessThanOrEqual(1_000_000);
    expect(process.cpuUsage(began).user).toBeLessThan(5_000_000);
  });

  it.each([
    ['one run', ' '.repeat(50_000)],
    ['lines', '\n'.repeat(50_000)],
    ['a run over several elements', `${' '.repeat(150)}<i> </i><b></b>`.repeat(500)],
  ])('bounds the blanks of preformatted text: %s', (_what, blanks) => {
    const began = process.cpuUsage();
    const text = page(`<table><tr><td><pre>a${blanks}b</pre></td><td>c</td></tr></table>`).markdown();
    expect(text).toMatch(/a[\s\S]{1,1000}b[\s\S]*c/);
    expect(process.cpuUsage(began).user).toBeLessThan(2_000_000);
  });

  it('keeps the blanks that preformatted text has otherwise', () => {
    const code = `a\n${' '.repeat(100)}b`;
    expect(page(`<pre>${code}</pre><pre>${code}</pre>`).markdown().split(code)).toHaveLength(3);
  });

  it('gives other text as it is', () => {
    const plain = new Response('http://site.test/a.md', {
      headers: { 'content-type': 'text/plain' },
      body: '# <b>',
    });
    expect(plain.markdown()).toBe('# <b>');
    expect(plain.markdown({ maxLength: 1 })).toBe('#');
    const binary = new Response('http://site.test/a.png', { body: new Uint8Array([0x89, 0x50, 0, 1]) });
    expect(() => binary.markdown()).toThrow(expect.objectContaining({ code: 'ERR_CRAWL_NOT_TEXT' }));
  });

  it('names the packages that are to be installed', () => {
    const missing = () => {
      throw Object.assign(new Error("Cannot find module 'turndown'"), { code: 'MODULE_NOT_FOUND' });
    };
    expect(() => markdownPackages(missing)).toThrow(
      expect.objectContaining({
        code: 'ERR_CRAWL_MISSING_PACKAGE',
        message: expect.stringContaining('npm install @mozilla/readability turndown'),
      }),
    );
  });
});
