import { isElement, type TreeNode } from '../../src/markup/node.ts';
import { Selector, type SelectorList, type SelectorType } from '../../src/markup/selector.ts';
import { cases } from './load.ts';

interface Query {
  readonly css?: string;
  readonly xpath?: string;
  readonly jmespath?: string;
}

interface Input extends Query {
  readonly doc: string;
  readonly get?: 'all' | 'first';
  readonly re?: string;
  readonly then?: Query;
  readonly attrib?: boolean;
  readonly default?: string;
  readonly namespaces?: Readonly<Record<string, string>>;
  readonly strip?: boolean;
}

type Documents = Readonly<Record<string, { readonly type: SelectorType; readonly text: string }>>;

cases<Input>('selectors', (input, documents) => {
  const { type, text } = (documents as unknown as Documents)[input.doc] ?? { type: 'html', text: '' };
  const found = query(
    query(new Selector({ text, type }), input, input.namespaces),
    input.then ?? {},
    input.namespaces,
  );
  if (input.attrib === true) return found.attrib;
  const values = input.re === undefined ? found.map(resultOf) : found.re(input.re);
  const results = input.strip === true ? values.map((value) => String(value).trim()) : values;
  return input.get === 'first' ? (results[0] ?? input.default ?? null) : results;
});

type Queried = Selector<unknown> | SelectorList<unknown>;

function query<From extends Queried>(
  from: From,
  { css, xpath, jmespath }: Query,
  namespaces: Readonly<Record<string, string>> | undefined,
): SelectorList<unknown> {
  if (css !== undefined) return from.css(css);
  if (xpath !== undefined) return from.xpath(xpath, { namespaces });
  if (jmespath !== undefined) return from.jmespath(jmespath);
  return from as SelectorList<unknown>;
}

/** An element in a result is given as its text, white space made single. */
function resultOf(selector: Selector<unknown>): unknown {
  const root = selector.root as TreeNode | null;
  const isNode = typeof root === 'object' && root !== null && 'parent' in root && isElement(root);
  return isNode ? selector.text.replace(/\s+/g, ' ').trim() : selector.get();
}
