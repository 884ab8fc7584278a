import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import * as prom from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { influx, prometheus, siteQuery, siteVariable } from './query.ts';
import { stateWords } from './texts.ts';

type Target = cog.Builder<cog.Dataquery>;
type Panel = cog.Builder<dashboard.Panel>;

/** Where the product answers, as people's browsers reach it; typed over once, kept in the address. */
const productVariable = 'pantau';
const product = `\${${productVariable}}`;

/** Grafana's names of our units. */
const units = {
  kW: 'kwatt', kVA: 'kvoltamp', V: 'volt', A: 'amp', Hz: 'hertz', '°C': 'celsius', '%RH': 'humidity', '%': 'percent',
  s: 's', L: 'litre', kPa: 'pressurekpa', rpm: 'rotrpm', count: 'short', '/s': 'cps', '°C/h': 'celsius',
} as const; // prettier-ignore
type Unit = keyof typeof units;

/** The product has a different colour only for what is abnormal; so do these. */
const red = 'red';

interface LineOptions {
  readonly unit: Unit;
  readonly targets: readonly Target[];
  /** A limit with its colour above or below. */
  readonly above?: number;
  readonly below?: number;
  /** Of another time than the dashboard's: `30d`. */
  readonly over?: string;
  readonly description?: string;
  readonly span?: number;
}

/** Lines over time; a click leads to the point's trend in the product. */
export function lines(title: string, { unit, targets, above, below, over, description, span = 12 }: LineOptions): Panel {
  const panel = new timeseries.PanelBuilder()
    .title(title)
    .datasource(influx)
    .unit(units[unit])
    .interval('10s')
    .lineWidth(2)
    .fillOpacity(0)
    .showPoints(common.VisibilityMode.Never)
    .spanNulls(false)
    .span(span)
    .height(8)
    .legend(new common.VizLegendOptionsBuilder().showLegend(true).displayMode(common.LegendDisplayMode.List).placement(common.LegendPlacement.Bottom))
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi))
    .dataLinks([trendLink()])
    .targets([...targets]);
  if (description !== undefined) panel.description(description);
  if (over !== undefined) panel.timeFrom(over);
  if (above !== undefined || below !== undefined)
    panel
      .thresholds(new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps(stepsOf(above, below)))
      .thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Line));
  return panel;
} // prettier-ignore

/** The newest value, large. */
export function latest(title: string, { unit, targets, above, below, description, span = 4 }: LineOptions): Panel {
  const panel = new stat.PanelBuilder()
    .title(title)
    .datasource(influx)
    .unit(units[unit])
    .interval('10s')
    .noValue('tanpa data')
    .span(span)
    .height(4)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .colorMode(common.BigValueColorMode.Value)
    .graphMode(common.BigValueGraphMode.Area)
    .thresholds(new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps(stepsOf(above, below)))
    .dataLinks([trendLink()])
    .targets([...targets]);
  if (description !== undefined) panel.description(description);
  return panel;
} // prettier-ignore

/** States over time with the words of the product; `abnormal` ones are red. */
export function stateBars(
  title: string,
  { targets, names, abnormal = [], span = 24 }: { readonly targets: readonly Target[]; readonly names: readonly string[]; readonly abnormal?: readonly string[]; readonly span?: number },
): Panel {
  const options = Object.fromEntries(
    Object.entries(stateWords(names)).map(([name, text], index) => [
      name,
      { text, index, color: abnormal.includes(name) ? red : index === 0 ? '#59626d' : '#8b95a2' },
    ]),
  );
  return new statetimeline.PanelBuilder()
    .title(title)
    .datasource(influx)
    .interval('10s')
    .span(span)
    .height(7)
    .mappings([{ type: dashboard.MappingType.ValueToText, options }])
    .dataLinks([trendLink()])
    .targets([...targets]);
} // prettier-ignore

/** The highest ones, as bars. */
export function bars(
  title: string,
  { unit, targets, span = 12 }: Pick<LineOptions, 'unit' | 'targets' | 'span'>,
): Panel {
  return new bargauge.PanelBuilder()
    .title(title)
    .datasource(influx)
    .unit(units[unit])
    .noValue('tanpa data')
    .span(span)
    .height(10)
    .orientation(common.VizOrientation.Horizontal)
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .reduceOptions(new common.ReduceDataOptionsBuilder().values(true).calcs([]))
    .targets([...targets]);
}

/** Of the server's own metrics. */
export function metric(
  title: string,
  {
    unit,
    queries,
    span = 12,
  }: {
    readonly unit: Unit;
    readonly queries: readonly { readonly expr: string; readonly legend: string }[];
    readonly span?: number;
  },
): Panel {
  return new timeseries.PanelBuilder()
    .title(title)
    .datasource(prometheus)
    .unit(units[unit])
    .lineWidth(2)
    .fillOpacity(0)
    .showPoints(common.VisibilityMode.Never)
    .spanNulls(false)
    .min(0)
    .span(span)
    .height(8)
    .targets(
      queries.map(({ expr, legend }, place) =>
        new prom.DataqueryBuilder()
          .refId(String.fromCodePoint(65 + place))
          .datasource(prometheus)
          .expr(expr)
          .legendFormat(legend)
          .range(),
      ),
    );
}

interface BoardOptions {
  /** Stays the same for ever: links and bookmarks hold it. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** Where the product shows the same, below its address. */
  readonly path: string;
  readonly panels: readonly Panel[];
  /** Without InfluxDB there is no site to choose. */
  readonly perSite?: boolean;
}

export function board({ uid, title, description, path, panels, perSite = true }: BoardOptions): dashboard.Dashboard {
  const built = new dashboard.DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(['pantau-dc'])
    .timezone('Asia/Jakarta')
    .time({ from: 'now-6h', to: 'now' })
    .refresh('30s')
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .readonly()
    .links([
      new dashboard.DashboardLinkBuilder('Buka di Pantau DC').type(dashboard.DashboardLinkType.Link).icon('external link').url(`${product}${path}`).targetBlank(true),
      new dashboard.DashboardLinkBuilder('Dasbor lain').type(dashboard.DashboardLinkType.Dashboards).tags(['pantau-dc']).asDropdown(true).includeVars(true).keepTime(true),
    ]);
  if (perSite)
    built.withVariable(
      new dashboard.QueryVariableBuilder(siteVariable).label('Situs').datasource(influx).query(siteQuery).refresh(dashboard.VariableRefresh.OnDashboardLoad).sort(dashboard.VariableSort.AlphabeticalAsc).current({ text: 'dc', value: 'dc', selected: true }),
    );
  built.withVariable(
    new dashboard.TextBoxVariableBuilder(productVariable).label('Alamat Pantau DC').defaultValue('http://localhost:8080').current({ text: 'http://localhost:8080', value: 'http://localhost:8080', selected: true }),
  );
  for (const panel of panels) built.withPanel(panel);
  const made = built.build();
  return { ...made, panels: made.panels?.map((panel, place) => ({ ...panel, id: place + 1 })) ?? [] };
} // prettier-ignore

function trendLink(): cog.Builder<dashboard.DashboardLink> {
  return new dashboard.DashboardLinkBuilder('Tren di Pantau DC')
    .url(`${product}/tren?kurva=\${__field.labels.point}&dari=\${__from:date:iso}&sampai=\${__to:date:iso}`)
    .targetBlank(true);
}

function stepsOf(above: number | undefined, below: number | undefined): dashboard.Threshold[] {
  const normal = '#8b95a2';
  return [
    { value: null, color: below === undefined ? normal : red },
    ...(below === undefined ? [] : [{ value: below, color: normal }]),
    ...(above === undefined ? [] : [{ value: above, color: red }]),
  ];
}
