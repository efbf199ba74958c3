import type { Parser, Token, Tokenizer } from 'parse5';
import { lazyPackage } from './lazy-package.ts';
import { type LeanTree, LeanTreeAdapter } from './lean-tree.ts';
import type { Document } from './node.ts';

const parse5 = lazyPackage<typeof import('parse5')>('parse5');

/** What a page may cost before it is parsed by the simple rules instead. */
export interface ParseBounds {
  /** Most attributes of one element; the ones after it are left out. */
  readonly maxAttributes: number;
  /** Most steps of work, about 5 ns each. */
  readonly maxWork: number;
}

/**
 * Parses a page by the rules of the HTML standard, as a browser without scripting. Throws
 * {@link WorkLimitReached} when the page costs more than `bounds` allow.
 */
export function parseGuarded(text: string, bounds: ParseBounds): Document {
  const adapter = new LeanTreeAdapter(bounds.maxWork);
  const parser = newParser(adapter, bounds.maxAttributes);
  parser.tokenizer.write(text, true);
  return parser.document;
}

type NewParser = (adapter: LeanTreeAdapter, maxAttributes: number) => Parser<LeanTree>;

let makeParser: NewParser | undefined;

function newParser(adapter: LeanTreeAdapter, maxAttributes: number): Parser<LeanTree> {
  makeParser ??= defineParser();
  return makeParser(adapter, maxAttributes);
}

// The classes can only be made once parse5 is loaded.
function defineParser(): NewParser {
  const { Parser, Tokenizer } = parse5();

  /** Charges each token with the elements that parse5 may have to look through for it. */
  class GuardedParser extends Parser<LeanTree> {
    readonly #adapter: LeanTreeAdapter;

    constructor(adapter: LeanTreeAdapter, maxAttributes: number) {
      super({ treeAdapter: adapter, scriptingEnabled: false });
      this.#adapter = adapter;
      adapter.formLeftOpen = () => {
        const form = this.formElement;
        return form === null || this.openElements.contains(form) ? undefined : form;
      };
      this.tokenizer = new GuardedTokenizer(this, maxAttributes) as Tokenizer;
    }

    override onStartTag(token: Token.TagToken): void {
      this.#charge();
      super.onStartTag(token);
    }

    override onEndTag(token: Token.TagToken): void {
      this.#charge();
      super.onEndTag(token);
    }

    override onCharacter(token: Token.CharacterToken): void {
      if (this.activeFormattingElements.entries.length > 0) this.#charge();
      super.onCharacter(token);
    }

    override _reconstructActiveFormattingElements(): void {
      const { entries } = this.activeFormattingElements;
      const last = entries[0];
      // Each entry that is not open is looked for among all that are.
      if (last !== undefined && 'element' in last && !this.openElements.contains(last.element)) {
        this.#adapter.spend(entries.length * (this.openElements.stackTop + 1));
      }
      super._reconstructActiveFormattingElements();
    }

    #charge(): void {
      const depth = this.openElements.stackTop;
      this.#adapter.openDepth = depth;
      this.#adapter.spend(1 + depth + this.activeFormattingElements.entries.length);
    }
  }

  /** Compares an attribute with at most `maxAttributes` others: parse5 does with all before it. */
  class GuardedTokenizer extends Tokenizer {
    readonly #parser: GuardedParser;
    readonly #maxAttributes: number;

    constructor(parser: GuardedParser, maxAttributes: number) {
      super(parser.options, parser);
      this.#parser = parser;
      this.#maxAttributes = maxAttributes;
    }

    protected override _leaveAttrName(): void {
      const { attrs } = this.currentToken as Token.TagToken;
      if (attrs.length < this.#maxAttributes) {
        super._leaveAttrName();
        return;
      }
      const { document } = this.#parser;
      document.limit ??= 'attributes';
      document.truncated = true;
    }
  }

  return (adapter, maxAttributes) => new GuardedParser(adapter, maxAttributes);
}
