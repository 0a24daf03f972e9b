import type { TransformationDef } from '../../define/define.ts'

export const pvTransformations: Readonly<Record<string, TransformationDef>> = {}
