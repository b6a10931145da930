import { channelsWithRules } from './stories/channels'

channelsWithRules('en')
