import { isElement } from '../node.ts';
import { SelectorError } from '../selector-error.ts';
import type { Environment } from './environment.ts';
import type { Axis, NodeTest } from './expression.ts';
import { type AttributeNode, isAttributeNode, type XPathNode } from './xpath-node.ts';

/** Is a node what a step asks for? */
export type CompiledNodeTest = (node: XPathNode, environment: Environment) => boolean;

/** Makes the test of a step. In HTML names have no case and those without a prefix are of any namespace. */
export function compileNodeTest(test: NodeTest, axis: Axis, isHtml: boolean): CompiledNodeTest {
  switch (test.test) {
    case 'node':
      return () => true;
    case 'text':
      return (node) => node.type === 'text';
    case 'comment':
      return (node) => node.type === 'comment';
    case 'processing-instruction': {
      const { target } = test;
      return (node) => node.type === 'directive' && (target === '' || node.name === `?${target}`);
    }
    case 'name':
      if (axis === 'namespace') return namespaceTest(test.local);
      if (axis === 'attribute')
        return attributeTest(test.prefix, isHtml ? test.local.toLowerCase() : test.local);
      return elementTest(test.prefix, isHtml ? test.local.toLowerCase() : test.local, isHtml);
  }
}

function elementTest(prefix: string, local: string, isHtml: boolean): CompiledNodeTest {
  if (prefix === '' && local === '*') return (node) => !isAttributeNode(node) && isElement(node);
  if (prefix === '') {
    return (node, { index }) =>
      !isAttributeNode(node) &&
      isElement(node) &&
      (isHtml ? index.nameOf(node) === local : node.name === local && node.namespace === '');
  }
  return (node, environment) =>
    !isAttributeNode(node) &&
    isElement(node) &&
    node.namespace === requireNamespace(prefix, environment) &&
    (local === '*' || localPart(environment.index.nameOf(node)) === local);
}

function attributeTest(prefix: string, local: string): CompiledNodeTest {
  if (prefix === '' && local === '*') return (node) => node.type === 'attribute';
  if (prefix === '') return (node) => node.type === 'attribute' && (node as AttributeNode).name === local;
  return (node, environment) => {
    if (!isAttributeNode(node)) return false;
    const namespace = node.parent.attributeNamespaces?.get(node.name);
    if (namespace === undefined || namespace !== requireNamespace(prefix, environment)) return false;
    return local === '*' || localPart(node.name) === local;
  };
}

function namespaceTest(name: string): CompiledNodeTest {
  return (node) => node.type === 'namespace' && (name === '*' || (node as AttributeNode).name === name);
}

function requireNamespace(prefix: string, environment: Environment): string {
  const namespace = environment.namespaceOf(prefix);
  if (namespace !== undefined) return namespace;
  throw new SelectorError(environment.query, `Unknown prefix ${prefix}: register its namespace`);
}

/** A name without its prefix. */
export function localPart(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
