import { gapsStory } from './stories/gaps'

gapsStory('en')
