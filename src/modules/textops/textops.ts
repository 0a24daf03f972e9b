import { defineModule } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { bodyFunctions } from './body-functions.ts'
import { headerFunctions } from './header-functions.ts'
import { searchFunctions } from './search-functions.ts'
import { textFunctions, textKemi } from './text-functions.ts'
import { textopsTransformations } from './transformations.ts'

export default defineModule({
  name: 'textops',
  summary: 'Looks for and changes texts in messages: headers, bodies, URIs.',
  area: 'text',
  setup: (host): Host => host,
  functions: { ...headerFunctions, ...searchFunctions, ...bodyFunctions, ...textFunctions },
  kemi: textKemi,
  transformations: textopsTransformations,
})
