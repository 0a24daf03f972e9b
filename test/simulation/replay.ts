/** Runs one seed and prints its ladder and what does not hold: node --import tsx test/simulation/replay.ts SEED [CALL] */
import { runSeed } from './run-seed.ts'

const [seed = '1', call = ''] = process.argv.slice(2)
const { weather, ladder, faults } = await runSeed(Number(seed))
for (const line of ladder) if (line.includes(call)) console.log(line)
console.log(weather)
console.log(faults.length === 0 ? 'all is well' : faults.join('\n'))
