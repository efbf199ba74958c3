// The built-in item pipelines.
export { type DedupeOptions, dedupe } from './dedupe.ts';
export { requireFields } from './require-fields.ts';
export { type ValidateOptions, validate } from './validate.ts';
