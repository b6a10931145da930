import { gapsStory } from './stories/gaps'

gapsStory('zh')
