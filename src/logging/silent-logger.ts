import type { Logger } from '../contracts/logger.ts';

/** Takes every line and writes none. */
export const silentLogger: Logger = Object.freeze({
  isEnabled: () => false,
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLogger,
});
