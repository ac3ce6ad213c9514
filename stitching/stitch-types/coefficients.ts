// The coefficients of a linear regression between two tensors' channels: what a stitch is made of.

/**
 * Row-major [inputs + 1, outputs]: row i says what input channel i adds to each output channel, and the last row is
 * the bias.
 */
export interface Coefficients {
  readonly inputs: number;
  readonly outputs: number;
  readonly values: Float64Array;
}

/** Channel i to channel i, as far as both sides have one: what a stitch does until it is fitted. */
export function identityCoefficients(inputs: number, outputs: number): Coefficients {
  const values = new Float64Array((inputs + 1) * outputs);
  for (let channel = 0; channel < Math.min(inputs, outputs); channel++) values[channel * outputs + channel] = 1;
  return { inputs, outputs, values };
}
