/** A link found on a page. */
export interface Link {
  /** Absolute address, without its fragment unless asked for. */
  readonly url: string;
  /** The whole text of the element, not trimmed. */
  readonly text: string;
  /** The fragment, without `#`. */
  readonly fragment: string;
  /** Whether the link says `rel="nofollow"`. */
  readonly nofollow: boolean;
}
