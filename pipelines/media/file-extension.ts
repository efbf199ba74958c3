/** What files may be called by their content type: nothing that a server or a desktop would run. */
const BY_TYPE: Readonly<Record<string, string>> = {
  'application/epub+zip': '.epub',
  'application/gzip': '.gz',
  'application/json': '.json',
  'application/msword': '.doc',
  'application/pdf': '.pdf',
  'application/rtf': '.rtf',
  'application/vnd.ms-excel': '.xls',
  'application/vnd.ms-powerpoint': '.ppt',
  'application/vnd.oasis.opendocument.spreadsheet': '.ods',
  'application/vnd.oasis.opendocument.text': '.odt',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': '.pptx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': '.xlsx',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': '.docx',
  'application/x-7z-compressed': '.7z',
  'application/x-tar': '.tar',
  'application/xml': '.xml',
  'application/zip': '.zip',
  'audio/flac': '.flac',
  'audio/mp4': '.m4a',
  'audio/mpeg': '.mp3',
  'audio/ogg': '.ogg',
  'audio/wav': '.wav',
  'image/avif': '.avif',
  'image/bmp': '.bmp',
  'image/gif': '.gif',
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/tiff': '.tif',
  'image/webp': '.webp',
  'image/x-icon': '.ico',
  'text/csv': '.csv',
  'text/plain': '.txt',
  'text/xml': '.xml',
  'video/mp4': '.mp4',
  'video/mpeg': '.mpg',
  'video/quicktime': '.mov',
  'video/webm': '.webm',
};

const MORE = [
  '.bin',
  '.bz2',
  '.djvu',
  '.iso',
  '.jpeg',
  '.jsonl',
  '.mkv',
  '.mobi',
  '.parquet',
  '.rar',
  '.svg',
  '.tgz',
  '.tiff',
  '.xz',
  '.zst',
];
const KNOWN: ReadonlySet<string> = new Set([...Object.values(BY_TYPE), ...MORE]);

/** Every extension that a content type can give, and none. */
export const EXTENSIONS_BY_TYPE: readonly string[] = ['', ...new Set(Object.values(BY_TYPE))];

/** The extension that a URL's path ends with, in lower case and with its dot; undefined where it is none of ours. */
export function extensionOfUrl(url: string): string | undefined {
  const { pathname } = new URL(url);
  const extension = /\.[a-z0-9]{1,8}$/i.exec(pathname)?.[0].toLowerCase() ?? '';
  return KNOWN.has(extension) ? extension : undefined;
}

/** The extension for a Content-Type header; empty where the type is none of ours. */
export function extensionOfType(contentType: string | undefined): string {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return Object.hasOwn(BY_TYPE, type) ? (BY_TYPE[type] ?? '') : '';
}
