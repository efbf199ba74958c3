import { CurlCommandError } from '../../errors/curl-command-error.ts';

const FIRST_WORDS = /^\s*curl(?:\.exe)?(?:[ \t]+(?:"[^"\n]*"|[^\s'"^]+))*[ \t]*\^["\r\n]/i;

/** Whether a command was copied for the Windows command line: `^` goes before its quotes or ends its lines. */
export function isCmdCommand(command: string): boolean {
  return FIRST_WORDS.test(command);
}

/** The words of a command as cmd.exe and the C run-time of Windows read it, as byte strings. */
export function cmdWords(command: string): string[] {
  return argumentsOf(withoutCarets(Buffer.from(command, 'utf8').toString('latin1')));
}

/** cmd.exe: outside of quotes `^` takes the meaning of what follows away, and joins lines. */
function withoutCarets(text: string): string {
  let plain = '';
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') isQuoted = !isQuoted;
    if (char !== '^' || isQuoted) {
      plain += char;
      continue;
    }
    const lineEnd = /\r?\n/y;
    lineEnd.lastIndex = at + 1;
    const joined = lineEnd.exec(text);
    if (joined === null) plain += text.charAt(++at);
    else {
      at += joined[0].length;
      // The line end after a joined one is data.
      lineEnd.lastIndex = at + 1;
      const second = lineEnd.exec(text);
      if (second !== null) {
        plain += '\n';
        at += second[0].length;
      }
    }
  }
  return plain;
}

/** The C run-time: backslashes count before a quote only, two quotes inside of quotes are one. */
function argumentsOf(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const char = line.charAt(at);
    if (!isQuoted && /\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === '\\') {
      const slashes = /\\+/y;
      slashes.lastIndex = at;
      const count = slashes.exec(line)?.[0].length ?? 1;
      at += count - 1;
      const beforeQuote = line.charAt(at + 1) === '"';
      word = (word ?? '') + '\\'.repeat(beforeQuote ? Math.floor(count / 2) : count);
      if (beforeQuote && count % 2 === 1) {
        word += '"';
        at += 1;
      }
    } else if (char === '"' && isQuoted && line.charAt(at + 1) === '"') {
      word = `${word ?? ''}"`;
      at += 1;
    } else if (char === '"') {
      isQuoted = !isQuoted;
      word ??= '';
    } else word = (word ?? '') + char;
  }
  if (isQuoted) throw new CurlCommandError('a quote (") is not closed: was the whole command copied?');
  if (word !== undefined) words.push(word);
  return words;
}
