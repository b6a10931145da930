import { everyState } from './stories/widgetstates'

everyState('en')
