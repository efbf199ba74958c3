// The table is the architecture: a layer may import itself and what it sees, nothing else of ours.
const LAYERS = {
  markup: { path: '^src/markup/', sees: [] },
  values: { path: '^src/(values|settings|errors)/', sees: ['markup'] },
  contracts: { path: '^src/contracts/', sees: ['values'] },
  services: { path: '^src/(signals|stats|logging|clock|store)/', sees: ['values', 'contracts'] },
  engine: { path: '^src/(engine|chain)/', sees: ['values', 'contracts'] },
  components: {
    path: '^src/(scheduler|job|downloader|extract|feed|seeds|spider)/',
    sees: ['markup', 'values', 'contracts'],
  },
  // Base classes of spiders that bring extractors and the Spider class together.
  kinds: { path: '^src/spider-kinds/', sees: ['markup', 'values', 'contracts', 'components'] },
  api: {
    path: '^src/api[.]ts$',
    sees: ['markup', 'values', 'contracts', 'services', 'components', 'kinds'],
  },
  builtins: { path: '^(middlewares|pipelines|spiders)/', sees: ['api'] },
  crawler: {
    path: '^src/crawler/',
    sees: ['values', 'contracts', 'services', 'engine', 'components', 'builtins'],
  },
  sandbox: { path: '^src/sandbox/', sees: [] },
  surfaces: {
    path: '^src/(cli|ui)/',
    sees: ['api', 'values', 'crawler', 'entry', 'builtins', 'sandbox', 'testing'],
  },
  testing: {
    path: '^src/testing/',
    sees: ['contracts', 'services', 'sandbox', 'values', 'components', 'crawler'],
  },
  entry: { path: '^src/index[.]ts$', sees: ['api', 'crawler', 'builtins'] },
};

// A third-party package enters through one folder.
const DOORS = {
  undici: '^src/downloader/',
  'p-limit': '^(src/engine|pipelines/media)/',
  cheerio: '^src/markup/',
  parse5: '^src/markup/',
  '@mozilla/readability': '^src/markup/markdown/',
  turndown: '^src/markup/markdown/',
  'robots-parser': '^middlewares/downloader/',
  tldts: '^src/values/',
  'tough-cookie': '^middlewares/downloader/',
  commander: '^src/cli/',
  'classic-level': '^src/store/',
  jiti: '^src/crawler/',
  '@aws-sdk': '^src/feed/',
  picocolors: '^src/(cli|logging)/',
};

const own = '^(src|middlewares|pipelines|spiders)/';

const layers = Object.entries(LAYERS).map(([name, { path, sees }]) => ({
  name: `layer-${name}`,
  severity: 'error',
  comment: `${name} may import ${[name, ...sees].join(', ')}; move the shared part down or pass it in.`,
  from: { path },
  to: { path: own, pathNot: [path, ...sees.map((layer) => LAYERS[layer].path)] },
}));

const doors = Object.entries(DOORS).map(([name, door]) => ({
  name: `door-${name}`,
  severity: 'error',
  comment: `${name} enters through ${door} only; ask that folder for what you need.`,
  from: { path: own, pathNot: door },
  to: { path: `node_modules/${name}/` },
}));

export default {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'Two modules that need each other are one module, or share a third below them.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'sibling-components',
      severity: 'error',
      comment: 'Components meet through contracts, never directly.',
      from: { path: '^src/(scheduler|job|downloader|extract|feed|spider)/' },
      to: { path: '^src/(scheduler|job|downloader|extract|feed|spider)/', pathNot: '^src/$1/' },
    },
    {
      name: 'contracts-are-types',
      severity: 'error',
      comment: 'Contracts leave no runtime: import types only.',
      from: { path: '^src/contracts/' },
      to: { path: own, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'every-folder-is-in-a-layer',
      severity: 'error',
      comment: 'Give a new folder its place in the LAYERS table.',
      from: { path: own, pathNot: Object.values(LAYERS).map(({ path }) => path) },
      to: {},
    },
    {
      name: 'not-to-test',
      severity: 'error',
      comment: 'What ships does not know its tests.',
      from: { path: own },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'not-to-dev-dep',
      severity: 'error',
      comment: 'A package that ships code needs is a dependency, not a devDependency.',
      from: { path: own },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/@types/',
      },
    },
    ...layers,
    ...doors,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
