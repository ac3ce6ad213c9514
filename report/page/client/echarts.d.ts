// The page loads ECharts before this script.
import type * as library from 'echarts';

declare global {
  const echarts: typeof library;
}
