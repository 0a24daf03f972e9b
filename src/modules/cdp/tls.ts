/** How the parameters say that connections are secured. */
import type { TlsVersion } from '../../base/streams.ts'
import { SetupError } from '../../define/define.ts'
import type { DiameterTls } from '../../diameter/config.ts'
import type { FileAccess } from '../../runtime/host.ts'
import type { CdpParams } from './params.ts'

const VERSIONS: readonly TlsVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']

/** Undefined without TLS. */
export function tlsOf(params: CdpParams, files: FileAccess): DiameterTls | SetupError | undefined {
  if (params.enable_tls === 0) return undefined
  const name = params.tls_method.replace(/\+$/, '')
  const version = VERSIONS.find((known) => known === name)
  if (version === undefined) return new SetupError('Invalid tls_method parameter value')
  const read = (path: string): string | SetupError | undefined => {
    if (path === '') return undefined
    return files.read(path) ?? new SetupError(`cannot read ${path}`)
  }
  const [certificate, key, authorities] = [read(params.certificate), read(params.private_key), read(params.ca_list)]
  if (certificate instanceof SetupError) return certificate
  if (key instanceof SetupError) return key
  if (authorities instanceof SetupError) return authorities
  const isRange = params.tls_method.endsWith('+')
  const both = { versionMin: version, versionMax: isRange ? undefined : version, certificate, key, authorities }
  return { outgoing: both, incoming: certificate === undefined || key === undefined ? undefined : both }
}
