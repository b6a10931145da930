import { everyState } from './stories/widgetstates'

everyState('tw')
