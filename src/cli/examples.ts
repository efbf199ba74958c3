/** A command line to copy, and what it does. */
type Example = readonly [line: string, what: string];
type Topic =
  | 'crawl'
  | 'run'
  | 'site'
  | 'map'
  | 'list'
  | 'init'
  | 'newSpider'
  | 'fetch'
  | 'parse'
  | 'view'
  | 'check'
  | 'edit'
  | 'shell'
  | 'job'
  | 'jobList'
  | 'jobInspect'
  | 'jobRequests'
  | 'jobRetryFailed'
  | 'jobDropHost'
  | 'jobExport'
  | 'jobCompact'
  | 'jobRestartSeeds'
  | 'jobRepair'
  | 'settings'
  | 'doctor'
  | 'bench'
  | 'sandbox';

const EXAMPLES: Readonly<Record<Topic, readonly Example[]>> = {
  crawl: [
    ['crawl init shop && cd shop', 'make a project (works offline)'],
    ['crawl books -o books.csv', 'run spiders/books.ts, write its items to a file'],
    ['crawl ./quick.ts -o -', 'run a file without a project, print items as JSON lines'],
    ['crawl site https://books.toscrape.com/ -o pages.jsonl', 'a whole site without a spider'],
    ['crawl shell https://books.toscrape.com/', 'try selectors'],
  ],
  run: [
    ['crawl books', '`crawl <spider>` is short for `crawl run <spider>`'],
    ['crawl books -o books.csv -o books.jsonl', 'two files at once; they are appended to'],
    ['crawl books -O all.json -s maxPages=50', 'overwrite the file; stop after 50 pages'],
    ['crawl books -a category=poetry', 'an argument: `crawl list --long` names them'],
    ['crawl books -a key=@env:SHOP_KEY', 'a secret, from the environment'],
    ['crawl books --fail-on "errors>1%"', 'exit code 3 if more than one page in a hundred failed'],
    ['crawl books -o - | head -3', 'items on standard output, one JSON object a line'],
  ],
  site: [
    ['crawl site books.toscrape.com -o pages.jsonl', 'url, title and Markdown of every page'],
    [
      "crawl site books.toscrape.com -O books.csv --include '/catalogue/*' --select 'name=h1' --select 'price=.price_color'",
      'fields of your own',
    ],
    ["crawl site <url> --select 'tags[]=.tag' --select 'image=img::attr(src)'", 'a list; an attribute'],
    ['crawl site <url> --depth 2 --limit 100 --job jobs/site -o site.jsonl', 'a part, kept as a job'],
    ['crawl site <url> --scope path', 'only what lies below the folder of the address'],
  ],
  map: [
    ['crawl map books.toscrape.com > urls.txt', 'every address of a site, one a line, as it is found'],
    ["crawl map <url> --include '/docs/*' --limit 500", 'the first 500 that fit'],
    ['crawl map <url> --depth 0', 'sitemaps and the links of the first page; nothing else is fetched'],
    ['crawl map <url> --json', 'with where it was found, one JSON object a line'],
  ],
  list: [
    ['crawl list', 'names only, one a line; loads nothing'],
    ['crawl list --url https://quotes.toscrape.com/', 'the spiders that are for this address'],
    ['crawl list --long', 'with arguments, and the errors of files that cannot be loaded'],
  ],
  init: [
    ['crawl init shop && cd shop', 'a project in a new folder'],
    ['crawl init', 'in this folder; files that are there are kept'],
  ],
  newSpider: [
    ['crawl new spider quotes https://quotes.toscrape.com/', 'spiders/quotes.ts, runs as `crawl quotes`'],
    ['crawl new spider prices -t api https://site.test/api', 'for a site that answers in JSON'],
    [
      'crawl new spider shop -t crawl https://site.test/',
      'that follows links by rules; also sitemap, xmlfeed, csvfeed',
    ],
  ],
  fetch: [
    ['crawl fetch https://quotes.toscrape.com/ > page.html', 'the body as it came, unpacked'],
    ['crawl fetch --headers quotes.toscrape.com', 'what was sent and received'],
    ['crawl fetch --markdown quotes.toscrape.com', 'the main content; also --json, --links'],
    ['crawl fetch --spider books https://site.test/', 'with settings and middlewares of a spider'],
    ['crawl fetch -s userAgent=… https://site.test/', 'with another setting'],
  ],
  parse: [
    ['crawl parse --spider books https://books.toscrape.com/', 'what its parse() makes of the page'],
    ['crawl parse --spider books -c parseBook <url>', 'another method'],
    ['crawl parse --spider books --depth 2 <url>', 'and of the pages that it leads to'],
    ['crawl parse --spider shop --rules <url>', 'the callback that the rules of a CrawlSpider choose'],
    ['crawl parse --spider ./quick.ts --nolinks <url>', 'the spider of a file; items only'],
  ],
  view: [
    ['crawl view https://books.toscrape.com/', 'the page without scripts, as spiders see it'],
    ['crawl view --spider books --no-open <url>', 'only write the file and print its path'],
  ],
  edit: [['crawl edit books', 'open spiders/books.ts in $VISUAL or $EDITOR']],
  check: [
    ['crawl check', 'the contracts of all spiders; exit code 1 if one is broken'],
    ['crawl check books -v', 'of one spider, with what its callbacks gave'],
    ['crawl check --list', 'which methods have contracts'],
  ],
  shell: [
    ['crawl shell https://quotes.toscrape.com/', "then css('span.text::text').getAll()"],
    ['crawl shell page.html', 'a saved page'],
    [
      'crawl shell <url> -c "css(\'h1::text\').get()"',
      'one piece of code; several statements end by `return`',
    ],
  ],
  job: [
    ['crawl books --job jobs/books -o books.csv', 'a crawl that is kept: the same command goes on with it'],
    ['crawl job list jobs', 'the jobs of a folder, and how far they are'],
    ['crawl job inspect jobs/books', 'one of them: runs, counts, hosts, failures, outputs'],
  ],
  jobList: [
    ['crawl job list', 'jobs in this folder'],
    ['crawl job list jobs', 'jobs in another one'],
  ],
  jobInspect: [
    ['crawl job inspect jobs/books', 'what is to be known of it'],
    ['crawl job inspect jobs/books --json', 'the same for programs'],
  ],
  jobRequests: [
    ['crawl job requests jobs/books --state dead', 'what was given up, and why'],
    ['crawl job requests jobs/books --state queued --host site.test', 'what one host still has'],
    ['crawl job requests jobs/books --state dead --json', 'one JSON object a line'],
    ['crawl job requests jobs/books --state queued --after 5000', 'the next page of a long list'],
  ],
  jobRetryFailed: [
    ['crawl job retry-failed jobs/books', 'queue all of them again; the next run tries them'],
    ['crawl job retry-failed jobs/books --status 503', 'only those that last got a 503'],
    [
      'crawl job retry-failed jobs/books --host site.test --reason timeout',
      'of one host, by a part of the reason',
    ],
  ],
  jobDropHost: [['crawl job drop-host jobs/books slow.test', 'forget what is queued for it']],
  jobExport: [
    ['crawl job export jobs/books -O all.csv', 'all items of the job so far'],
    ['crawl job export jobs/books -O all.jsonl.gz -o -', 'two outputs at once'],
  ],
  jobCompact: [['crawl job compact jobs/books', 'give room back to the disk']],
  jobRestartSeeds: [
    [
      'crawl job restart-seeds jobs/books',
      'and then the command of the job, which begins at its seeds again',
    ],
  ],
  jobRepair: [
    ['crawl job repair jobs/books', 'say what is wrong, ask, mend'],
    ['crawl job repair jobs/books --yes', 'do not ask'],
  ],
  settings: [
    ['crawl settings', 'all of them, with the place each value comes from'],
    ['crawl settings --get downloadDelayMs', 'one value'],
    ['crawl settings --spider books --json', 'as that spider gets them'],
  ],
  doctor: [['crawl doctor', 'what is wrong with machine, installation and project, and what to do']],
  bench: [
    ['crawl bench', 'pages a minute on this machine, by parts'],
    ['crawl bench --time 60', 'for a minute'],
  ],
  sandbox: [
    ['crawl sandbox', 'leave it running, and in a second terminal:'],
    ['crawl books -a base=http://127.0.0.1:8000/', 'crawl it'],
    ['crawl sandbox --port 0', 'a free port; the address is printed'],
  ],
};

/** What the help of a command ends with. */
export function examples(topic: Topic): string {
  const rows = EXAMPLES[topic];
  const width = Math.max(...rows.map(([line]) => line.length));
  return `\nExamples:\n${rows.map(([line, what]) => `  ${line.padEnd(width)}   ${what}`).join('\n')}`;
}
