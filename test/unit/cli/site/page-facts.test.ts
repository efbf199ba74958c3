import { describe, expect, it } from 'vitest';
import { pageText } from '../../../../src/cli/site/page-facts.ts';
import { Response } from '../../../../src/values/response.ts';

const html = (body: string) =>
  new Response('http://site.test/', { headers: { 'content-type': 'text/html' }, body });

describe('pageText', () => {
  it('joins what is read on the page, in its order', () => {
    const page = html(`<head><title>no</title></head><body>one<p>two <b>three</b><!-- no --></p>
      <script>no</script><style>no</style><noscript><p>no</p></noscript><template><p>no</p></template>four</body>`);
    expect(pageText(page)).toBe('one two three four');
  });

  it('looks at each node of a deep page once', () => {
    const page = html(`${'<div>'.repeat(500)}${'<b>x</b>'.repeat(50_000)}`);
    expect(pageText(page)).toHaveLength(99_999);
  });
});
