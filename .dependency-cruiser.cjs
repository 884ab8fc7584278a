// Imports run one way; the table in docs/architecture.md says the same. A folder may import itself and what its rule names.
const layers = '^(bin|cli|core|domain|config|collectors|server|simulator|web|bench|scripts|grafana|test)/';
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: layers, pathNot: allowed },
});

// Rooms of the server that judge and keep; they know nothing of HTTP. `ingest`, `live` and `auth` are doors to the outside.
const domainRooms =
  'pipeline|historian|pins|alarms|alarm-figures|capacity|commissioning|discovery|incidents|notify|people|access|audit|loadtest|compliance|reports|db';

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only('core-stands-alone', '^core/', '^core/'),
    only('domain-is-browser-safe', '^domain/', '^(domain|core|server/contracts|config/schema)/'),
    only('config-knows-core', '^config/', '^(config|core)/'),
    only('collectors-know-config', '^collectors/', '^(collectors|config|core)/'),
    only('server-imports', '^server/', '^(server|collectors|config|core|domain)/'),
    only('contracts-are-browser-safe', '^server/contracts/', '^(server/contracts|config/schema|core)/'),
    only('simulator-knows-config', '^simulator/', '^(simulator|config|core)/'),
    only(
      'grafana-knows-the-names-of-the-store',
      '^grafana/',
      '^(grafana|core|server/historian/influx/names)',
    ),
    only('web-knows-contracts', '^web/', '^(web|domain|core|server/contracts|config/schema)/'),
    {
      name: 'domain-rooms-know-no-http',
      severity: 'error',
      from: { path: `^server/(${domainRooms})/` },
      to: { path: '^server/(http|api)/' },
    },
    {
      name: 'http-is-a-framework',
      severity: 'error',
      comment: 'server/http knows how endpoints are served, not which there are',
      from: { path: '^server/http/' },
      to: { path: '^server/', pathNot: '^server/(http|contracts|auth)/' },
    },
    {
      name: 'nobody-imports-the-api',
      severity: 'error',
      from: { path: '^server/', pathNot: '^server/(api/|(app|compose)\\.ts$)' },
      to: { path: '^server/api/' },
    },
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
