/** The reply that tells of an error number (Kamailio's E_SEND and the like, negative). */
export function errorReply(error: number): readonly [code: number, text: string] {
  switch (error) {
    case -477:
      return [477, 'Unfortunately error on sending to next hop occurred']
    case -478:
      return [478, 'Unresolvable destination']
    case -479:
      return [479, 'Regretfully, we were not able to process the URI']
    case -487:
      return [487, 'Transaction canceled']
    case -400:
      return [400, 'Bad request']
    default:
      return [500, "I'm terribly sorry, server error occurred"]
  }
}
