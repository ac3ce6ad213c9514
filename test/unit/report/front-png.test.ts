import { Resvg } from '@resvg/resvg-js';
import { expect, test } from 'vitest';
import { frontPng } from '../../../report/front-png.ts';
import { frontSvg } from '../../../report/front-svg.ts';
import { syntheticRunRecord } from '../../helpers/run-record.ts';

const record = syntheticRunRecord({ size: 40 });

/** Width and height in the header of a PNG: bytes 16 to 24. */
function sizeOf(png: Uint8Array): [number, number] {
  expect(Buffer.from(png.subarray(0, 8)).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const view = new DataView(png.buffer, png.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
}

test('a PNG of twice the size, or as many times as wanted', () => {
  expect(sizeOf(frontPng(record, 'light'))).toEqual([1520, 920]);
  expect(sizeOf(frontPng(record, 'light', 1))).toEqual([760, 460]);
});

test('the same bytes each time, others in the dark and for another run', () => {
  expect(frontPng(record)).toEqual(frontPng(record, 'light'));
  expect(frontPng(record, 'light')).not.toEqual(frontPng(record, 'dark'));
  expect(frontPng(record, 'light')).not.toEqual(frontPng(syntheticRunRecord({ size: 39 }), 'light'));
});

test('its texts are there without the fonts of a system', () => {
  const textless = new Resvg(frontSvg(record, 'light').replace(/<text[\s\S]*?<\/text>/g, ''), {
    fitTo: { mode: 'zoom', value: 2 },
  });
  // A text is many edges, which pack badly.
  expect(frontPng(record, 'light').length).toBeGreaterThan(1.3 * textless.render().asPng().length);
});
