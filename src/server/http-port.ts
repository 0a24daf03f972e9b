import type { HttpPort } from '../runtime/http-port.ts'

/** The system's, read from disk when somebody first asks: few configurations do. */
export function systemHttp(): HttpPort {
  let loading: Promise<HttpPort> | undefined
  return {
    async ask(call) {
      loading ??= import('./http-client.ts').then(({ SystemHttp }) => new SystemHttp())
      return (await loading).ask(call)
    },
    close: () => void loading?.then((http) => http.close()),
  }
}
