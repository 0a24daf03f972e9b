import { mongodbDriver } from '../../db/mongodb/mongodb.ts'
import { defineModule } from '../../define/define.ts'

export default defineModule({
  name: 'db_mongodb',
  summary: 'Lets modules keep their tables in MongoDB: mongodb://host/database.',
  area: 'data',
  setup(host) {
    host.databases.register(mongodbDriver({ log: host.log, clock: host.clock }))
    return {}
  },
})
