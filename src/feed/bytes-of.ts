/** What an exporter gave, as bytes: its text is UTF-8. */
export function bytesOf(encoded: string | Uint8Array): Buffer {
  if (typeof encoded === 'string') return Buffer.from(encoded, 'utf8');
  return Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength);
}
