import { describe, expect, it } from 'vitest';
import { html, raw } from '../../../src/sandbox/html.ts';

describe('html', () => {
  it('escapes text and leaves markup alone', () => {
    const { html: made } = html`<p title="${'"a" & \'b\''}">${'<i>'}${html`<b>${1}</b>`}${raw('<hr>')}</p>`;
    expect(made).toBe('<p title="&quot;a&quot; &amp; &#39;b&#39;">&lt;i&gt;<b>1</b><hr></p>');
  });

  it('joins lists and takes undefined for nothing', () => {
    expect(html`[${['a', undefined, html`<br>`]}]`.html).toBe('[a<br>]');
  });
});
