import type { PartialSettings } from 'orbweaver';

// For every crawl of this folder; a class's static settings win over these, and `-s NAME=VALUE` over both.
// `crawl settings` prints all settings with their values and where each comes from.
export default {
  // Say who you are: sites that mind can then ask you instead of blocking you.
  // userAgent: '{{name}} (+https://example.com/about-our-crawler)',

  // Polite by default: robots.txt is obeyed, and each host gets one request at a time until it answers well.
  obeyRobotsTxt: true,
  downloadDelayMs: 'auto',

  // A safety net while you try things out; take it away for the whole site.
  // maxPages: 100,
} satisfies PartialSettings;
