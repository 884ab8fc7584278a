// Imports run one way: web → contracts, server → collectors → config. The table in docs/architecture.md says the same.
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: '^(bin|cli|config|collectors|server|simulator|web|bench|scripts|test)/', pathNot: allowed },
});

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only('config-stands-alone', '^config/', '^config/'),
    only('collectors-know-config', '^collectors/', '^(collectors|config)/'),
    only('server-knows-collectors-and-config', '^server/', '^(server|collectors|config)/'),
    only('contracts-are-browser-safe', '^server/contracts/', '^(server/contracts|config/schema)/'),
    only('simulator-knows-config', '^simulator/', '^(simulator|config)/'),
    only('web-knows-contracts', '^web/', '^(web|server/contracts|config/schema)/|^collectors/reading\\.ts$'),
    {
      name: 'nobody-imports-the-command',
      severity: 'error',
      from: { pathNot: '^(cli|bin|bench|test)/' },
      to: { path: '^(cli|bin)/' },
    },
    {
      name: 'no-test-code-in-the-product',
      severity: 'error',
      from: { pathNot: '^(test|bench)/' },
      to: { path: '^(test|bench)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node'],
    },
  },
};
