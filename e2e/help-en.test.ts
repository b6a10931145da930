import { helpStory } from './stories/help'

helpStory('en')
