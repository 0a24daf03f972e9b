/** The vocabulary of a module, in one import. */
export { apiKey, type ApiKey } from './api.ts'
export {
  arg, type Arg, type ArgValue, type FormatText, type PrepareEnv, type Prepared, type TextMatcher, type VariableHandle,
} from './arg.ts'
export {
  defineModule,
  fn,
  form,
  SetupError,
  type AnyModule,
  type FunctionDef,
  type FunctionForm,
  type FunctionResult,
  type ModuleDef,
  type ParamValues,
} from './module.ts'
export { kemi, type KemiDef } from './kemi.ts'
export { param, type Param, type ParamValue } from './param.ts'
export { ANY_ROUTE, routeBits, RouteMask, type RouteName } from './route-kind.ts'
export {
  RpcDouble, RpcFault, RpcNamedList, RpcStruct, type RpcAnswer, type RpcDef, type RpcMethods, type RpcValue,
} from './rpc.ts'
export { RpcCall, type RpcArgument, type RpcTransport } from './rpc-call.ts'
export { type SelectDef, type SelectStep } from './select.ts'
export { type Transform, type TransformationDef, type TransformationParam } from './transformation.ts'
export { toText, type PvValue } from './value.ts'
export { variable, variableFamily, type BoundVariable, type PvIndex, type VariableDef } from './variable.ts'
