/** A link found on a page. */
export interface Link {
  /** Absolute address, with its fragment: the duplicate filter looks past that. */
  readonly url: string;
  /** The whole text of the element, not trimmed. */
  readonly text: string;
  /** The fragment, without `#`. */
  readonly fragment: string;
  /** Whether the link says `rel="nofollow"`. */
  readonly nofollow: boolean;
}
