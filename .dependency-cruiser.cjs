/** The arrows between folders (docs: CONTRIBUTING.md). Each rule names what a folder may import. */
const room = (name, allowed) => ({
  name: `${name}-imports`,
  severity: 'error',
  comment: `${name}/ may import only: ${allowed.join(', ')}`,
  from: { path: `^${name}/` },
  to: {
    path: '^(src|operators|stitching|population|report|cli|index\\.ts|examples|bench|test)',
    pathNot: `^(${[name, ...allowed].join('|')})/`,
  },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^(src|operators|stitching|population|report|cli)/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
    // worker-from-source.mjs is for a checkout only, where tsx is there.
    {
      name: 'not-to-dev',
      severity: 'error',
      from: { path: '^(src|operators|stitching|population|report|cli|index\\.ts)', pathNot: 'worker-from-source' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    room('src', []),
    room('operators', ['src']),
    room('stitching', ['src']),
    room('population', ['src', 'operators', 'stitching']),
    room('report', ['src', 'population']),
    room('cli', ['src', 'operators', 'stitching', 'population', 'report']),
    {
      name: 'examples-use-the-public-api',
      severity: 'error',
      from: { path: '^examples/' },
      to: { path: '^(src|operators|stitching|population|report|cli)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
