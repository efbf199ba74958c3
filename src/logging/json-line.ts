import { escapeJsonText } from '../values/escape-terminal.ts';
import type { LineFormat } from './log-line.ts';

/** Lines for machines: one JSON object each. A field named like one of the line's own is written as `fields.<name>`. */
export const jsonLine: LineFormat = ({ timeMs, level, logger, message, fields }) => {
  const record: Record<string, unknown> = Object.assign(Object.create(null), {
    time: new Date(timeMs).toISOString(),
    level,
    logger,
    message,
  });
  for (const [key, value] of Object.entries(fields)) record[key in record ? `fields.${key}` : key] = value;
  return `${escapeJsonText(JSON.stringify(record))}\n`;
};
