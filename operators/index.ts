// The public barrel of operators: the contract, the registry and each operator.
export type { Mutation, Operator, Preservation, Refusal, RefusalReason, Site } from './operator.ts';
export { operatorNamed, operators } from './registry.ts';
export { activationToActiSwitch, type ActivationToActiSwitchSite } from './activation-to-acti-switch.ts';
export { growKernel, type GrowKernelSite } from './grow-kernel.ts';
export { insertIdentityLayer, type InsertIdentityLayerSite } from './insert-identity-layer.ts';
export { widenPair, type WidenPairSite } from './widen-pair.ts';
export { widenZeroFanOut, type WidenZeroFanOutSite } from './widen-zero-fan-out.ts';
