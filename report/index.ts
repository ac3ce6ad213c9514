// What the other folders may use of the report.
export { improvements, type BeatenParent, type Improvement } from './beaten-first-parents.ts';
export type { ThemeName } from './charts/theme.ts';
export { frontPng } from './front-png.ts';
export { frontSvg } from './front-svg.ts';
export { frontCsv, frontMarkdown, frontTable } from './front-table.ts';
export type { Architectures, ShownLayer } from './shown-layers.ts';
export { htmlReport, type ReportOptions } from './html-report.ts';
export { layerRows, layerTable, type LayerRow } from './layer-table.ts';
export { lineageText } from './lineage.ts';
export { serveReports, type ReportServer, type ServeOptions } from './serve/report-server.ts';
export { writeReport } from './write-report.ts';
