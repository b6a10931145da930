import { answersStory } from './stories/answers'

answersStory('en')
