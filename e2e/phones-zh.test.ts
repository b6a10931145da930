import { phoneStory } from './stories/phones'

phoneStory('zh')
