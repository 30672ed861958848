// Charts: read from a JSON script beside the figure, drawn as SVG without motion; the same data stands in a table one click away.
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent } from "echarts/components";
import { init, use, type ECharts, type EChartsCoreOption } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { all } from "./common";

use([BarChart, LineChart, GridComponent, LegendComponent, AriaComponent, SVGRenderer]);

type Series = { name: string; data: (number | null)[]; tone?: "brand" | "warn" | "bad" | "rest"; past?: boolean };
type ChartSaid = { kind: "line" | "bar"; labels: string[]; series: Series[]; unit?: string; least?: number; most?: number };

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--yy-${name}`).trim();
}

const TONES = { brand: "brand", warn: "warn", bad: "bad", rest: "rest" } as const;

/** Last year's series, marked past, wears the colour of the one before it. */
function tone(series: Series, index: number): string {
  const place = series.past ? index - 1 : index;
  return colour(series.tone ? TONES[series.tone] : place <= 0 ? "brand" : "warn");
}

function line(series: Series, index: number, unit: string): object {
  const ink = tone(series, index);
  return {
    name: series.name,
    type: "line",
    data: series.data,
    color: ink,
    symbol: series.past ? "none" : ["circle", "rect", "triangle", "diamond"][index % 4],
    symbolSize: 6,
    lineStyle: { width: series.past ? 1.5 : 2.5, type: series.past ? [4, 4] : "solid" },
    endLabel: { show: !series.past, formatter: `{a} {c}${unit}`, color: ink, fontWeight: 700, distance: 6 },
    labelLayout: { moveOverlap: "shiftY" },
  };
}

/** A rise is as plain as a drop, but few are never coloured. */
const FEWEST = 30;

function bar(series: Series, index: number, unit: string, past: (number | null)[] | undefined): object {
  const rose = (at: number): boolean => (past?.[at] ?? 0) >= FEWEST && (series.data[at] ?? 0) > (past?.[at] ?? 0);
  const said = (at: number): string => (past ? `${past[at] ?? 0} → ${series.data[at] ?? 0}${unit}` : `${series.data[at] ?? 0}${unit}`);
  return {
    name: series.name,
    type: "bar",
    data: series.data,
    barWidth: series.past ? 16 : 8,
    barGap: "-75%",
    z: series.past ? 1 : 2,
    itemStyle: { color: ({ dataIndex }: { dataIndex: number }) => (series.past ? colour("line-2") : rose(dataIndex) ? colour("bad") : tone(series, index)), borderRadius: 2 },
    label: { show: !series.past, position: "right", formatter: ({ dataIndex }: { dataIndex: number }) => said(dataIndex), color: colour("ink-2"), distance: 8 },
  };
}

function axes(said: ChartSaid): object {
  const words = { color: colour("ink-2") };
  if (said.kind === "bar") {
    return {
      grid: { left: 8, right: 96, top: 4, bottom: 4, containLabel: true },
      xAxis: { show: false, type: "value" },
      yAxis: { type: "category", inverse: true, data: said.labels, axisTick: { show: false }, axisLine: { show: false }, axisLabel: { color: colour("ink"), fontSize: 13 } },
    };
  }
  return {
    grid: { left: 44, right: 112, top: 14, bottom: 26 },
    xAxis: { type: "category", data: said.labels, axisTick: { show: false }, axisLine: { lineStyle: { color: colour("edge") } }, axisLabel: words },
    yAxis: { type: "value", min: said.least, max: said.most, splitNumber: 3, axisLabel: { ...words, formatter: `{value}${said.unit ?? ""}` }, splitLine: { lineStyle: { color: colour("line") } } },
  };
}

function options(said: ChartSaid): EChartsCoreOption {
  const font = getComputedStyle(document.body).fontFamily;
  const past = said.series.find((series) => series.past)?.data;
  const draw = (series: Series, index: number): object => (said.kind === "bar" ? bar(series, index, said.unit ?? "", past) : line(series, index, said.unit ?? ""));
  return {
    animation: false,
    textStyle: { fontFamily: font, fontSize: 12, color: colour("ink-2") },
    ...axes(said),
    series: said.series.map(draw),
  };
}

function drawChart(place: HTMLElement): void {
  const source = document.getElementById(place.dataset.chart ?? "");
  if (!source?.textContent || place.dataset.drawn) return;
  place.dataset.drawn = "yes";
  const chart: ECharts = init(place, null, { renderer: "svg" });
  chart.setOption(options(JSON.parse(source.textContent) as ChartSaid));
  new ResizeObserver(() => {
    if (!place.hidden) chart.resize();
  }).observe(place);
}

function swap(button: HTMLElement): void {
  const [chart, table] = [button.dataset.swapChart, button.dataset.swapTable].map((id) => document.getElementById(id ?? ""));
  if (!chart || !table) return;
  chart.hidden = !chart.hidden;
  table.hidden = !chart.hidden;
  button.setAttribute("aria-pressed", String(chart.hidden));
  const words = button.querySelector("span");
  if (words) words.textContent = (chart.hidden ? button.dataset.sayChart : button.dataset.sayTable) ?? words.textContent;
}

export function drawCharts(root: ParentNode): void {
  for (const place of all("[data-chart]", root)) drawChart(place);
  for (const button of all("[data-swap-chart]", root)) {
    if (button.dataset.wired) continue;
    button.dataset.wired = "yes";
    button.addEventListener("click", () => swap(button));
  }
}
