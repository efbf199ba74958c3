/** How `s3://bucket/key` is reached. What is not given comes from the AWS environment variables and profiles. */
export interface S3Options {
  /** Address of a storage that is not Amazon's: `https://minio.test:9000`. @defaultValue `AWS_ENDPOINT_URL_S3`, else Amazon */
  readonly endpoint?: string;
  /** @defaultValue `AWS_REGION`, else that of the profile */
  readonly region?: string;
  /** @defaultValue `AWS_ACCESS_KEY_ID`, else the profile or role */
  readonly accessKeyId?: string;
  /** @defaultValue `AWS_SECRET_ACCESS_KEY`, else the profile or role */
  readonly secretAccessKey?: string;
  /** Of temporary credentials. @defaultValue `AWS_SESSION_TOKEN` where the keys come from there, too */
  readonly sessionToken?: string;
  /** Send keys and content without TLS, to an endpoint of `http:`. @defaultValue `false`: that is refused */
  readonly allowInsecure?: boolean;
  /** Canned ACL of what is written: `private`, `public-read`, `bucket-owner-full-control`. @defaultValue the bucket's */
  readonly acl?: string;
  /** Write the bucket into the path, not the host name. @defaultValue `true` with an endpoint */
  readonly forcePathStyle?: boolean;
  /** Parts that are sent at once. @defaultValue `4` */
  readonly maxConnections?: number;
}
