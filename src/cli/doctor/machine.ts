import { existsSync } from 'node:fs';
import type { MachineLimits } from '../../crawler/machine-limits.ts';
import { formatBytes } from '../format-quantity.ts';
import type { Terminal } from '../terminal.ts';
import { type Finding, fail, note, ok, warn } from './finding.ts';

/** What of the machine is looked at. */
export interface Machine {
  /** Of Node: `20.19.0`. */
  readonly nodeVersion: string;
  readonly limits: MachineLimits;
  readonly terminal: Pick<Terminal, 'env' | 'isInteractive' | 'isScreen'>;
}

const LEAST_NODE = [20, 19] as const;
/** A host with many connections takes some hundred; a crawl of many hosts some thousand. */
const FEW_DESCRIPTORS = 1024;
const LITTLE_MEMORY = 384 * 1024 * 1024;
const PROXIES = ['http_proxy', 'https_proxy', 'all_proxy'];

/** Node, limits, network variables and screen. */
export function machineFindings({ nodeVersion, limits, terminal }: Machine): Finding[] {
  return [
    nodeFinding(nodeVersion),
    descriptorFinding(limits),
    ...memoryFindings(limits),
    ...networkFindings(terminal.env),
    screenFinding(terminal),
  ];
}

function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isEnough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  const text = `Node ${version}`;
  return isEnough ? ok(text) : fail(text, `Install Node ${LEAST_NODE.join('.')} or newer.`);
}

function descriptorFinding({ descriptors }: MachineLimits): Finding {
  const text = `${descriptors.toLocaleString('en')} open files and sockets`;
  if (descriptors >= FEW_DESCRIPTORS) return ok(text);
  return warn(text, 'Crawls of many hosts want more: ulimit -n 8192');
}

function memoryFindings({ memoryBytes, heapBytes }: MachineLimits): Finding[] {
  if (memoryBytes === undefined)
    return [ok(`no container limit on memory, heap up to ${formatBytes(heapBytes)}`)];
  const granted = `the container grants ${formatBytes(memoryBytes)} of memory`;
  if (memoryBytes < LITTLE_MEMORY) {
    return [
      warn(
        granted,
        'Crawls close in order before it is used up; give it 512 MB, or a smaller maxActiveBytes.',
      ),
    ];
  }
  if (heapBytes > memoryBytes) {
    const megabytes = Math.floor((memoryBytes * 0.7) / 1024 / 1024);
    return [
      warn(
        `${granted}, but the heap may grow to ${formatBytes(heapBytes)}`,
        `So that garbage is collected in time: NODE_OPTIONS=--max-old-space-size=${megabytes}`,
      ),
    ];
  }
  return [ok(granted)];
}

function networkFindings(env: Terminal['env']): Finding[] {
  const findings: Finding[] = [];
  for (const name of PROXIES.flatMap((lower) => [lower, lower.toUpperCase()])) {
    const value = env[name];
    if (value === undefined || value === '') continue;
    const url = URL.parse(value.includes('://') ? value : `http://${value}`);
    if (url === null)
      findings.push(warn(`${name} is no address of a proxy`, `Unset it, or write ${name}=http://host:port`));
    else findings.push(note(`requests go through the proxy ${url.protocol}//${url.host} (${name})`));
  }
  if (findings.length === 0) findings.push(ok('no proxy in the environment'));
  if (env.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    findings.push(
      warn(
        'NODE_TLS_REJECT_UNAUTHORIZED=0: programs of Node check no certificates',
        'Unset it; crawls go by verifyTls.',
      ),
    );
  }
  const authorities = env.NODE_EXTRA_CA_CERTS;
  if (authorities !== undefined && authorities !== '' && !existsSync(authorities)) {
    findings.push(
      warn(
        `NODE_EXTRA_CA_CERTS names no file: ${authorities}`,
        'Name the file of your certificates, or unset it.',
      ),
    );
  }
  return findings;
}

function screenFinding({ isInteractive, isScreen }: Machine['terminal']): Finding {
  if (isInteractive) return ok('a terminal with a status line');
  return note(
    `no status line: ${isScreen ? 'standard error is no terminal' : 'no terminal'}; log lines tell how far a crawl is`,
  );
}
