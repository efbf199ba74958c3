import { describe, expect, it } from 'vitest';
import { SelectorError } from '../../../src/markup/selector-error.ts';
import { WorkBudget } from '../../../src/markup/work-budget.ts';
import { Response } from '../../../src/values/response.ts';

const page = (body: string) =>
  new Response('http://a.test/', { headers: { 'content-type': 'text/html' }, body });

describe('WorkBudget', () => {
  it('counts steps and what texts are read', () => {
    expect(() => new WorkBudget('q').spend(1_000_000)).not.toThrow();
    expect(() => new WorkBudget('q').spend(100_000_000)).toThrow(SelectorError);
    const budget = new WorkBudget('q');
    const text = 'x'.repeat(10_000_000);
    expect(() => {
      for (let count = 0; count < 100; count++) budget.read(text);
    }).toThrow(/steps on this page/);
  });

  it.each([
    ['XPath', (response: Response) => response.xpath('//*[contains(., "y")]').getAll()],
    ['CSS', (response: Response) => response.css(':contains(y)').getAll()],
  ])('ends a query by %s that reads one long text again and again', (_, query) => {
    const nested = '<table><caption><a>'.repeat(150);
    expect(() => query(page(nested + 'x'.repeat(1_000_000)))).toThrow(/narrow it down/);
  });

  it.each([
    ['XPath', (response: Response) => response.xpath('//*[contains(., "y")]').getAll()],
    ['CSS', (response: Response) => response.css(':contains(y)').getAll()],
  ])('lets a query by %s read a large page of usual depth', (_, query) => {
    const row = `<tr>${'<td><div><p><a href="/x">some text of a cell</a></p></div></td>'.repeat(10)}</tr>`;
    expect(query(page(`<div><div><table>${row.repeat(2000)}</table></div></div>`))).toEqual([]);
  });
});
