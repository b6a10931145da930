import { deskStory } from './stories/deskwork'

deskStory('zh')
