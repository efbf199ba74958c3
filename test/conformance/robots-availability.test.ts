import { robotsAvailability } from '../../middlewares/index.ts';
import { cases } from './load.ts';

cases<{ readonly status?: number; readonly body?: string }>('robots-availability', ({ status, body = '' }) =>
  robotsAvailability(status, Buffer.from(body)),
);
