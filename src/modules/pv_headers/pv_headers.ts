import { defineModule } from '../../define/define.ts'
import { headerFunctions } from './functions.ts'
import { params } from './params.ts'
import { setUp } from './state.ts'
import { headerVariables } from './variables.ts'

export default defineModule({
  name: 'pv_headers',
  summary: 'Collects the headers of a message into a $xavi, where they are read and changed, and writes them back.',
  area: 'text',
  params,
  setup: setUp,
  functions: headerFunctions,
  variables: headerVariables,
})
