import { phoneStory } from './stories/phones'

phoneStory('en')
