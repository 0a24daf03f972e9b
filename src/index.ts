/** What programs that use the package import: the vocabulary of modules, and checking a configuration. */
export * from './define/define.ts'
export { DiameterAnswer, DiameterClient, DiameterRefusal, type DiameterRequest, type IncomingRequest } from './diameter/client.ts'
export type { AvpName } from './diameter/dictionary.ts'
export type { AvpReader, AvpRecord } from './diameter/value.ts'
export { drawDiagnostic, type Diagnostic } from './script/diagnostic.ts'
export { parseConfig, type ParsedConfig, type ParseOptions } from './script/parse.ts'
export { checkConfiguration, loadConfiguration, type LoadedConfiguration } from './server/start.ts'
export { version } from './server/identity.ts'
