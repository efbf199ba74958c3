export { isJobFolder } from '../../job/job-records.ts';
