import picocolors from 'picocolors';
import type { LogLevel } from '../contracts/logger.ts';
import { escapeTerminal } from '../values/escape-terminal.ts';
import type { LineFormat } from './log-line.ts';

const NEEDS_QUOTES = /[\s"=\\]|^$/;

/** Lines for people: time, level, logger, message, `key=value`; a stack goes below, indented. */
export function textLine(isColored: boolean): LineFormat {
  const paint = picocolors.createColors(isColored);
  const levels: Readonly<Record<LogLevel, string>> = {
    debug: paint.dim('DEBUG'),
    info: paint.green('INFO '),
    warn: paint.yellow('WARN '),
    error: paint.red('ERROR'),
  };
  return ({ timeMs, level, logger, message, fields }) => {
    const parts = [paint.dim(new Date(timeMs).toISOString()), levels[level]];
    if (logger !== '') parts.push(paint.cyan(`[${escapeTerminal(logger)}]`));
    parts.push(escapeTerminal(message));
    let below = '';
    for (const [key, value] of Object.entries(fields)) {
      if (value === undefined) continue;
      if (key === 'stack' && typeof value === 'string') below = indented(value);
      else parts.push(`${paint.dim(`${escapeTerminal(key)}=`)}${shown(value)}`);
    }
    return `${parts.join(' ')}\n${below}`;
  };
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  if (typeof value !== 'string') return escapeTerminal(text);
  const escaped = escapeTerminal(text);
  return NEEDS_QUOTES.test(text) ? `"${escaped.replaceAll('"', '\\"')}"` : escaped;
}

function indented(stack: string): string {
  return stack
    .split('\n')
    .map((line) => `    ${escapeTerminal(line.trim())}\n`)
    .join('');
}
