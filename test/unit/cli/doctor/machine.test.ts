import { describe, expect, it } from 'vitest';
import { machineFindings } from '../../../../src/cli/doctor/machine.ts';

const GIB = 1024 ** 3;
const findings = (given: {
  nodeVersion?: string;
  limits?: object;
  env?: Record<string, string>;
  isInteractive?: boolean;
}) =>
  machineFindings({
    nodeVersion: given.nodeVersion ?? '20.19.0',
    limits: { descriptors: 4096, memoryBytes: undefined, heapBytes: 2 * GIB, ...given.limits },
    terminal: { env: given.env ?? {}, isInteractive: given.isInteractive ?? true, isScreen: true },
  });
const bad = (given: Parameters<typeof findings>[0]) =>
  findings(given).filter(({ level }) => level === 'warn' || level === 'fail');

describe('machineFindings', () => {
  it('has nothing to say about a usual machine', () => {
    expect(bad({})).toEqual([]);
    expect(bad({ nodeVersion: '24.0.0', limits: { memoryBytes: 4 * GIB } })).toEqual([]);
  });

  it('fails on a Node that is too old', () => {
    for (const nodeVersion of ['18.20.0', '20.18.3']) {
      expect(bad({ nodeVersion })).toMatchObject([
        { level: 'fail', advice: expect.stringContaining('20.19') },
      ]);
    }
  });

  it('warns of tight limits, and says what to set', () => {
    expect(bad({ limits: { descriptors: 256 } })).toMatchObject([
      { advice: expect.stringContaining('ulimit -n') },
    ]);
    expect(bad({ limits: { memoryBytes: GIB / 4 } })).toMatchObject([
      { text: expect.stringContaining('grants') },
    ]);
    expect(bad({ limits: { memoryBytes: GIB } })).toMatchObject([
      { advice: expect.stringContaining('--max-old-space-size=716') },
    ]);
  });

  it('names proxies without their credentials, and those that are none', () => {
    const env = { https_proxy: 'http://me:secret@proxy.test:3128' };
    const texts = findings({ env }).map(({ text }) => text);
    expect(texts).toContain('requests go through the proxy http://proxy.test:3128 (https_proxy)');
    expect(bad({ env: { HTTP_PROXY: 'http://[' } })).toMatchObject([
      { text: 'HTTP_PROXY is no address of a proxy' },
    ]);
  });

  it('warns of variables that weaken or break TLS', () => {
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_EXTRA_CA_CERTS: '/no/such.pem' };
    expect(bad({ env })).toHaveLength(2);
  });
});
