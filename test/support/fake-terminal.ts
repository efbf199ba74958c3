import picocolors from 'picocolors';
import type { Terminal } from '../../src/cli/terminal.ts';

/** A terminal that keeps what is written. */
export interface FakeTerminal extends Terminal {
  out: string;
  err: string;
}

/** Makes a terminal whose working folder is given. */
export function fakeTerminal(cwd: string, env: Record<string, string> = {}): FakeTerminal {
  const terminal: FakeTerminal = {
    cwd,
    env,
    isInteractive: false,
    isScreen: false,
    colors: picocolors.createColors(false),
    out: '',
    err: '',
    write: async (data) => {
      terminal.out += typeof data === 'string' ? data : Buffer.from(data).toString();
    },
    say: (text) => {
      terminal.err += text;
    },
    onClosed: () => {},
  };
  return terminal;
}
