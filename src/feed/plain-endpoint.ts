import type { S3Options } from '../settings/s3-options.ts';

/** The address of an S3 storage where it is reached without TLS; undefined: it is not, as far as can be told. */
export function plainEndpoint(
  { endpoint }: S3Options,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const address = endpoint ?? environment.AWS_ENDPOINT_URL_S3 ?? environment.AWS_ENDPOINT_URL;
  return address !== undefined && /^http:/i.test(address.trim()) ? address.trim() : undefined;
}
