import type { html, Token, TreeAdapter, TreeAdapterTypeMap } from 'parse5';
import {
  append,
  type ChildNode,
  Comment,
  Directive,
  Document,
  detach,
  Element,
  isElement,
  newAttributes,
  type ParentNode,
  Text,
  type TreeNode,
} from './node.ts';
import { CONTROL_NAMES, noteParsedOwner } from './parsed-owner.ts';

/** The kinds of nodes parse5 meets in a lean tree. */
export type LeanTree = TreeAdapterTypeMap<
  TreeNode,
  ParentNode,
  ChildNode,
  Document,
  ParentNode,
  Element,
  Comment,
  Text,
  Element,
  Directive
>;

/** Thrown through parse5 when a page costs more work than it may. */
export class WorkLimitReached extends Error {}

// What creating an element costs, in steps of the work budget.
const CREATION_STEPS = 40;

/**
 * Builds the lean tree for parse5, and counts the work: misnested pages make parse5 search its stack of open
 * elements, create elements over again and move them, without a bound of its own.
 *
 * What is in a template is put into the template itself: its links and texts are part of the page for a crawler.
 */
export class LeanTreeAdapter implements TreeAdapter<LeanTree> {
  /** How many elements are open. Kept by the parser: creating an element may mean searching them. */
  openDepth = 0;
  /** The form whose end tag has not come yet, although it is no longer open: controls belong to it. Set by the parser. */
  formLeftOpen: () => Element | undefined = () => undefined;
  #workLeft: number;

  constructor(workLimit: number) {
    this.#workLeft = workLimit;
  }

  /** Takes steps from the budget. Throws {@link WorkLimitReached} when it is used up. */
  spend(steps: number): void {
    this.#workLeft -= steps;
    if (this.#workLeft < 0) throw new WorkLimitReached();
  }

  createDocument(): Document {
    return new Document('html');
  }

  createDocumentFragment(): Document {
    return new Document('html');
  }

  createElement(name: string, namespace: html.NS, attrs: Token.Attribute[]): Element {
    this.spend(CREATION_STEPS + this.openDepth);
    const element = new Element(name, namespace, newAttributes());
    if (attrs.length > 0) setAttributes(element, attrs);
    if (CONTROL_NAMES.has(name)) {
      const form = this.formLeftOpen();
      if (form !== undefined) noteParsedOwner(element, form);
    }
    return element;
  }

  createCommentNode(data: string): Comment {
    return new Comment(data);
  }

  createTextNode(data: string): Text {
    return new Text(data);
  }

  appendChild(parent: ParentNode, node: ChildNode): void {
    append(parent, node);
  }

  insertBefore(parent: ParentNode, node: ChildNode, reference: ChildNode): void {
    const at = parent.children.lastIndexOf(reference);
    this.spend(parent.children.length - at);
    parent.children.splice(at, 0, node);
    node.parent = parent;
    node.prev = reference.prev;
    node.next = reference;
    if (reference.prev !== null) reference.prev.next = node;
    reference.prev = node;
  }

  detachNode(node: ChildNode): void {
    if (node.parent !== null) this.spend(node.parent.children.length);
    detach(node);
  }

  insertText(parent: ParentNode, data: string): void {
    const last = parent.children[parent.children.length - 1];
    if (last !== undefined && last.type === 'text') last.data += data;
    else append(parent, new Text(data));
  }

  insertTextBefore(parent: ParentNode, data: string, reference: ChildNode): void {
    const { prev } = reference;
    if (prev !== null && prev.type === 'text') prev.data += data;
    else this.insertBefore(parent, new Text(data), reference);
  }

  adoptAttributes(element: Element, attrs: Token.Attribute[]): void {
    setAttributes(
      element,
      attrs.filter(({ name }) => !(name in element.attribs)),
    );
  }

  setDocumentType(document: Document, name: string, publicId: string, systemId: string): void {
    const ids = publicId !== '' ? ` PUBLIC "${publicId}"` : systemId !== '' ? ' SYSTEM' : '';
    const data = `!DOCTYPE ${name}${ids}${systemId !== '' ? ` "${systemId}"` : ''}`;
    append(document, new Directive('!doctype', data));
  }

  setTemplateContent(): void {}

  getTemplateContent(template: Element): Element {
    return template;
  }

  setDocumentMode(document: Document, mode: html.DOCUMENT_MODE): void {
    document['x-mode'] = mode;
  }

  getDocumentMode(document: Document): html.DOCUMENT_MODE {
    return document['x-mode'] as html.DOCUMENT_MODE;
  }

  getFirstChild(parent: ParentNode): ChildNode | null {
    return parent.children[0] ?? null;
  }

  getChildNodes(parent: ParentNode): ChildNode[] {
    return parent.children;
  }

  getParentNode(node: TreeNode): ParentNode | null {
    return node.parent;
  }

  getAttrList(element: Element): Token.Attribute[] {
    const attributes = element.attributes;
    this.spend(20 + attributes.length);
    return attributes;
  }

  getTagName(element: Element): string {
    return element.name;
  }

  getNamespaceURI(element: Element): html.NS {
    return element.namespace as html.NS;
  }

  getTextNodeContent(text: Text): string {
    return text.data;
  }

  getCommentNodeContent(comment: Comment): string {
    return comment.data;
  }

  getDocumentTypeNodeName(): string {
    return '';
  }

  getDocumentTypeNodePublicId(): string {
    return '';
  }

  getDocumentTypeNodeSystemId(): string {
    return '';
  }

  isTextNode(node: TreeNode): node is Text {
    return node.type === 'text';
  }

  isCommentNode(node: TreeNode): node is Comment {
    return node.type === 'comment';
  }

  isDocumentTypeNode(node: TreeNode): node is Directive {
    return node.type === 'directive';
  }

  isElementNode(node: TreeNode): node is Element {
    return isElement(node);
  }

  setNodeSourceCodeLocation(): void {}

  getNodeSourceCodeLocation(): null {
    return null;
  }

  updateNodeSourceCodeLocation(): void {}
}

function setAttributes(element: Element, attrs: readonly Token.Attribute[]): void {
  const { attribs } = element;
  for (const { name, value, prefix, namespace } of attrs) {
    if (prefix === undefined || prefix === '') {
      attribs[name] = value;
    } else {
      attribs[`${prefix}:${name}`] = value;
      element.attributeNamespaces ??= new Map();
      element.attributeNamespaces.set(`${prefix}:${name}`, namespace ?? '');
    }
  }
}
