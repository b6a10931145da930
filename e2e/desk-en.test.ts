import { deskStory } from './stories/deskwork'

deskStory('en')
