/** The transformations of the module pv by full name, `s.len`. */
import type { TransformationDef } from '../../define/define.ts'
import { cutTransformations } from './transformations/cut.ts'
import { digestTransformations } from './transformations/digest.ts'
import { encodeTransformations } from './transformations/encode.ts'
import { escapeTransformations } from './transformations/escape.ts'
import { layoutTransformations } from './transformations/layout.ts'
import { lineTransformations } from './transformations/line.ts'
import { nameAddrTransformations } from './transformations/nameaddr.ts'
import { numTransformations } from './transformations/num.ts'
import { paramTransformations } from './transformations/param.ts'
import { stringTransformations } from './transformations/string.ts'
import { toBodyTransformations } from './transformations/tobody.ts'
import { uriTransformations } from './transformations/uri.ts'
import { uriAliasTransformations } from './transformations/urialias.ts'
import { valTransformations } from './transformations/val.ts'

export const pvTransformations: Readonly<Record<string, TransformationDef>> = {
  ...stringTransformations,
  ...cutTransformations,
  ...layoutTransformations,
  ...digestTransformations,
  ...encodeTransformations,
  ...escapeTransformations,
  ...paramTransformations,
  ...nameAddrTransformations,
  ...toBodyTransformations,
  ...lineTransformations,
  ...uriTransformations,
  ...uriAliasTransformations,
  ...numTransformations,
  ...valTransformations,
}
