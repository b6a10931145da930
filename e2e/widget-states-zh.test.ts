import { everyState } from './stories/widgetstates'

everyState('zh')
