import { channelsWithRules } from './stories/channels'

channelsWithRules('zh')
